import { z } from "zod";
import type { ContainerSpec, ContainerState } from "../../docker/docker.ts";
import { containerName } from "../sandbox.ts";
import { sandboxLabels } from "./sandbox-name.ts";

/** The one thing in which a clone differs. `name` is short; `cpus: null` takes the CPU limit off; `env` is merged. */
export interface CloneChanges {
  readonly name: string;
  readonly cpus?: number | null;
  readonly env?: Readonly<Record<string, string>>;
}

const inspected = z.object({
  Config: z.object({ User: z.string().default("") }),
  HostConfig: z.object({ CpusetCpus: z.string().default(""), CpuShares: z.number().default(0) }),
});

function clonedCpus(source: ContainerState, changes: CloneChanges): number | undefined {
  if (changes.cpus === null) return undefined;
  return changes.cpus ?? (source.nanoCpus === 0 ? undefined : source.nanoCpus / 1e9);
}

/** What a clone is made from: image by content, command, environment, user and limits of the source. */
export function cloneSpec(
  sandbox: { readonly name: string },
  source: ContainerState,
  changes: CloneChanges,
): ContainerSpec {
  const { Config, HostConfig } = inspected.parse(source.raw);
  const cpus = clonedCpus(source, changes);
  return {
    name: containerName(sandbox, changes.name),
    // By content: the tag may have moved since.
    image: source.imageId,
    entrypoint: source.entrypoint,
    args: source.args,
    env: { ...source.env, ...changes.env },
    labels: sandboxLabels(sandbox.name),
    network: sandbox.name,
    aliases: [changes.name],
    ...(cpus === undefined ? {} : { cpus }),
    ...(source.memoryBytes === 0 ? {} : { memoryBytes: source.memoryBytes }),
    ...(Config.User === "" ? {} : { user: Config.User }),
    ...(HostConfig.CpusetCpus === "" ? {} : { cpusetCpus: HostConfig.CpusetCpus }),
    ...(HostConfig.CpuShares === 0 ? {} : { cpuShares: HostConfig.CpuShares }),
  };
}
