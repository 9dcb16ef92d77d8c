import type { CpuWindow, PodSeen, RunRecord } from "../system/record.ts";
import { workloadText, type WorkloadRef } from "../lab/workload.ts";
import type { CheckContext } from "./check.ts";

/** The record of a check that judges an experiment. */
export function recordOf({ record }: Pick<CheckContext, "record">): RunRecord {
  if (record !== undefined) return record;
  throw new Error("this check judges an experiment, and there is none here");
}

/** How records name a workload: `deployment/payments`, or the short name of a container. */
export function recordedName(ref: WorkloadRef): string {
  return ref.kind === "container" ? ref.name : workloadText(ref);
}

/** The CPU windows of a workload's pods, or of a container. */
export function cpuWindowsOf({ cpu, pods }: Pick<RunRecord, "cpu" | "pods">, ref: WorkloadRef): readonly CpuWindow[] {
  const name = recordedName(ref);
  return cpu.filter(
    ({ target }) => target === name || pods.some((pod) => pod.name === target && pod.workload === name),
  );
}

/** One pod through the whole record. */
export interface PodLife {
  readonly uid: string;
  readonly name: string;
  readonly workload: string;
  /** It was there before the actions began. */
  readonly fromStart: boolean;
  /** It was there, but not current any more: of an older revision, or leaving. */
  readonly outdated: boolean;
  /** It was gone or going at the end. */
  readonly left: boolean;
  readonly target: boolean;
  /** Restarts before the actions began; 0 for a pod that came later. */
  readonly before: number;
  readonly seen: readonly PodSeen[];
}

/** Every pod of the record, in the order of appearance. */
export function podLives(record: RunRecord): PodLife[] {
  const targets = new Set(record.actions.flatMap((action) => action.targets));
  const uids = [...new Set(record.pods.map((pod) => pod.uid))];
  return uids.map((uid): PodLife => {
    const seen = record.pods.filter((pod) => pod.uid === uid).sort((a, b) => a.at - b.at);
    const [first] = seen;
    const last = seen.at(-1);
    if (first === undefined || last === undefined) throw new Error("a pod that was never seen");
    const earlier = seen.filter((pod) => pod.at <= record.doStartedAt).at(-1);
    const { name, workload } = first;
    return {
      uid,
      name,
      workload,
      fromStart: earlier !== undefined,
      outdated: earlier?.current === false,
      left: last.gone || last.terminating,
      // A StatefulSet gives the name of a killed pod to its successor, which is nobody's target.
      target: earlier !== undefined && targets.has(name),
      before: earlier?.restarts ?? 0,
      seen,
    };
  });
}
