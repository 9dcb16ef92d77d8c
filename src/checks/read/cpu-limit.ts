import type { ContainerState } from "../../docker/docker.ts";
import { environmentError } from "../../errors.ts";
import { readCpu } from "../../experiments/cpu.ts";
import { workloadMembers } from "../../experiments/members.ts";
import type { CheckContext } from "../check.ts";
import { countAt } from "./fields.ts";

/**
 * The CPU limit of a container that is in force, in CPUs; Infinity without one. After `docker update --cpu-quota -1` inspect still tells the
 * old number of CPUs, and after a later `--cpus` it still tells the quota of -1: then only the kernel knows, and the container is asked.
 */
export async function cpuLimit(context: CheckContext, short: string, state: ContainerState): Promise<number> {
  const told = state.nanoCpus === 0 ? Infinity : state.nanoCpus / 1e9;
  const lifted = countAt(state.raw, "HostConfig", "CpuQuota") < 0;
  if (told === Infinity || !lifted) return told;
  const [member] = await workloadMembers(context, { kind: "container", name: short });
  if (member === undefined) throw environmentError(`container ${short} is gone`);
  const { quotaMicros, periodMicros } = await readCpu(context, member);
  return quotaMicros > 0 ? quotaMicros / periodMicros : Infinity;
}
