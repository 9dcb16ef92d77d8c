import { openCpuWindows } from "../../experiments/cpu.ts";
import { hold } from "../../experiments/observe.ts";
import type { CpuWindow } from "../../experiments/record.ts";
import { workloadText, type WorkloadRef } from "../../lab/workload.ts";
import type { CheckContext } from "../check.ts";

/** Reads the CPU counters of a workload's ready pods (or a container) at both ends of a window; a sentence where there are none. */
export async function measureCpu(
  context: CheckContext,
  ref: WorkloadRef,
  windowMs: number,
): Promise<readonly CpuWindow[] | string> {
  const measure = await openCpuWindows(context, ref);
  await hold(context.rt, windowMs);
  const { windows, lost } = await measure();
  if (windows.length > 0) return windows;
  return lost.length > 0 ? `${lost.join(", ")} restarted meanwhile` : `nothing of ${workloadText(ref)} is ready`;
}
