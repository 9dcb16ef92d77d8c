import type { ContainerState } from "../../docker/docker.ts";
import { environmentError } from "../../lib/errors.ts";
import { readCpu } from "../../experiments/cpu.ts";
import { workloadMembers } from "../../experiments/members.ts";
import type { CheckContext } from "../check.ts";
import { countAt } from "../../lib/fields.ts";

/**
 * A container with the CPU limit that is in force. After `docker update --cpu-quota -1` inspect still tells the old number of CPUs, and after a
 * later `--cpus` it still tells the quota of -1: then only the kernel knows, and the container is asked.
 */
export async function withLimitInForce(
  context: Pick<CheckContext, "sandbox" | "session" | "namespace">,
  short: string,
  state: ContainerState,
): Promise<ContainerState> {
  if (state.nanoCpus === 0 || countAt(state.raw, "HostConfig", "CpuQuota") >= 0) return state;
  const [member] = await workloadMembers(context, { kind: "container", name: short });
  if (member === undefined) throw environmentError(`container ${short} is gone`);
  const { quotaMicros, periodMicros } = await readCpu(context, member);
  return { ...state, nanoCpus: quotaMicros > 0 ? Math.round((quotaMicros / periodMicros) * 1e9) : 0 };
}
