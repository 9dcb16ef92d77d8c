import type { ContainerState } from "../../docker/docker.ts";
import { agentShortName } from "../../sandbox/docker/ensure-agent.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import type { CheckContext } from "../check.ts";
import { listAt } from "../../lib/fields.ts";
import { dockerOf } from "../../system/objects.ts";

/** Names that a container answers to on the network: its own, and what it was given there. */
function namesOn(network: string, { name, raw }: ContainerState): Set<string> {
  const given = ["Aliases", "DNSNames"].flatMap((key) => listAt(raw, "NetworkSettings", "Networks", network, key));
  return new Set([name, ...given.map(String)]);
}

/** Containers that answer to a name of a lab's container beside it: requests that are meant for that one may go to them. */
export async function takenNames(
  context: CheckContext,
  reference: readonly Pick<ContainerState, "name">[],
): Promise<string[]> {
  const sandbox = dockerOf(context);
  const prefix = `${sandbox.name}-`;
  const present = await sandbox.docker.containers({ network: sandbox.network });
  const owners = [...reference.map(({ name }) => name), containerName(sandbox, agentShortName)];
  return present.flatMap((container) => {
    const answers = namesOn(sandbox.network, container);
    return owners
      .filter((owner) => owner !== container.name)
      .flatMap((owner) => {
        const taken = [owner, owner.replace(prefix, "")].find((name) => answers.has(name));
        return taken === undefined ? [] : [`container ${container.name.replace(prefix, "")} answers to ${taken} too`];
      });
  });
}
