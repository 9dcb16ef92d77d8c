import type { Docker } from "../../docker/docker.ts";
import { labelKeys } from "../../images/labels.ts";
import { environmentError } from "../../lib/errors.ts";
import { poll } from "../../lib/poll.ts";
import type { Runtime } from "../../runtime.ts";
import { belongs } from "../belongs.ts";
import { removeImages } from "./sandbox-images.ts";
import { isDockerSandboxName, sandboxFilter } from "./sandbox-name.ts";

/** One pass over all that is there; returns how much there was. */
async function removeOnce(docker: Docker, sandbox: string): Promise<number> {
  const found = await docker.network(sandbox);
  const network = found?.labels[labelKeys.sandbox] === sandbox ? found : undefined;
  const [labelled, attached] = await Promise.all([
    docker.containers({ label: sandboxFilter(sandbox) }),
    network === undefined ? [] : docker.containers({ network: network.name }),
  ]);
  const all = new Map([...labelled, ...attached].map((one) => [one.id, one]));
  await Promise.all(
    [...all.values()].map((one) =>
      belongs(one, network, sandbox) ? docker.remove(one.id) : docker.disconnect(sandbox, one.id),
    ),
  );
  const networks = network === undefined ? 0 : Number(await docker.removeNetwork(network.name));
  const volumes = await docker.volumes(sandboxFilter(sandbox));
  for (const volume of volumes) await docker.removeVolume(volume);
  const images = await removeImages(docker, sandbox);
  return all.size + networks + volumes.length + images;
}

/** Removes a sandbox with all that runs on its network; false when there was nothing. */
export async function removeSandbox(rt: Runtime, docker: Docker, sandbox: string): Promise<boolean> {
  if (!isDockerSandboxName(sandbox)) return false;
  let removed = 0;
  // The learner may start a container on the network while we empty it.
  const empty = await poll(
    async () => {
      const now = await removeOnce(docker, sandbox);
      removed += now;
      return now === 0 ? { done: true, value: true } : { done: false, seen: `${now} things of it were still there` };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: 30_000, everyMs: 50 },
  );
  if (!empty.ok) {
    throw environmentError(`the Docker sandbox ${sandbox} could not be removed: ${empty.seen}`, {
      cure: `docker ps -a --filter network=${sandbox}`,
    });
  }
  return removed > 0;
}
