import { DockerError } from "../../docker/docker-error.ts";
import type { ContainerSpec, ContainerState } from "../../docker/docker.ts";
import { usageError } from "../../lib/errors.ts";
import type { LabContainer } from "../../lab/lab.ts";
import { containerName, type DockerSandbox } from "../sandbox.ts";
import { containerSpec } from "./container-spec.ts";
import { agentShortName } from "./ensure-agent.ts";

type Place = Pick<DockerSandbox, "name" | "docker">;

/** What a fault changes of one container: env is merged, everything else replaced. */
export type ContainerChange = Partial<Omit<LabContainer, "name">>;

/** Builds the image of a container that has one of its own. */
export type BuildContainer = (container: LabContainer) => Promise<void>;

async function lay(sandbox: Place, container: LabContainer, build?: BuildContainer): Promise<ContainerState> {
  if (container.name === agentShortName) {
    throw usageError(`a container of a lab cannot be named "${agentShortName}": that is the load agent's name`);
  }
  if (container.build !== undefined) await build?.(container);
  // Laying down again after an interruption, or after the learner's own try, starts from nothing.
  await sandbox.docker.remove(containerName(sandbox, container.name));
  const spec = containerSpec(sandbox, container);
  return container.build === undefined ? sandbox.docker.run(spec) : layBuilt(sandbox, spec);
}

/** A program that cannot be started leaves its container behind, as `docker run` does: that can be the incident. */
async function layBuilt({ docker }: Place, spec: ContainerSpec): Promise<ContainerState> {
  const made = await docker.create(spec);
  await docker.start(made.id).catch((error: unknown) => {
    if (!(error instanceof DockerError) || error.unreachable) throw error;
  });
  return (await docker.inspect(spec.name)) ?? made;
}

/** Makes and starts the containers of a lab, stage before base, each in file order. */
export async function layContainers(
  sandbox: Place,
  containers: readonly LabContainer[],
  build?: BuildContainer,
): Promise<readonly ContainerState[]> {
  const made: ContainerState[] = [];
  for (const part of ["stage", "base"] as const) {
    for (const container of containers.filter((one) => one.part === part))
      made.push(await lay(sandbox, container, build));
  }
  return made;
}

/** A container of the lab with the change of a fault on top. */
export function changedContainer(container: LabContainer, change: ContainerChange): LabContainer {
  return { ...container, ...change, env: { ...container.env, ...change.env } };
}

/** Makes one container of the lab again, changed. */
export async function recreate(
  sandbox: Place,
  container: LabContainer,
  change: ContainerChange,
  build?: BuildContainer,
): Promise<ContainerState> {
  return lay(sandbox, changedContainer(container, change), build);
}
