import type { LoadResult } from "../sandbox/agent/load-agent.ts";

/** One action as it went. Times here and below are the clock's `elapsed`, where nothing else is said. */
export interface ActionRecord {
  readonly action: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** False: it did not reach its end within its time limit; `detail` says what was seen last. */
  readonly finished: boolean;
  readonly detail: string;
  /** Pods (or containers) it acted on, by name. */
  readonly targets: readonly string[];
  /** Readings and other detail of this action, by name. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** One pod or container as seen at one moment. */
export interface PodSeen {
  readonly at: number;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `deployment/payments` and the like: the top owner; the short container name in Docker labs. */
  readonly workload: string;
  /** Neither leaving nor gone, and of the newest revision of its workload. */
  readonly current: boolean;
  readonly ready: boolean;
  /** How often its containers have started again, in all; one that waits for its next start counts already. */
  readonly restarts: number;
  readonly terminating: boolean;
  readonly gone: boolean;
  readonly node: string;
  /** Last terminated state of the container that restarted last, as "OOMKilled, exit 137". */
  readonly lastEnd: string;
}

/** Counters of one container's CPU cgroup at one moment, by the clock where it runs. */
export interface CpuReading {
  readonly at: number;
  readonly quotaMicros: number;
  readonly periodMicros: number;
  readonly nrPeriods: number;
  readonly nrThrottled: number;
  readonly throttledMicros: number;
  readonly usageMicros: number;
  /** How long the CPUs of the host had nothing to run, all added up; negative where the host does not show it. */
  readonly hostIdleMicros: number;
  readonly gomaxprocs: number;
  /** CPUs that the process may run on. */
  readonly numCpu: number;
}

/** A pair of readings at both ends of a window. */
export interface CpuWindow {
  readonly target: string;
  readonly before: CpuReading;
  readonly after: CpuReading;
}

/** What one experiment left behind; objectives read it and never act. */
export interface RunRecord {
  readonly experiment: string;
  readonly startedAt: number;
  /** When `do` began and ended. */
  readonly doStartedAt: number;
  readonly doEndedAt: number;
  readonly endedAt: number;
  /** Time in settling, `do`, the companions' tail and the control; the rest of the run is our own overhead. */
  readonly windowMs: number;
  readonly actions: readonly ActionRecord[];
  /** Results of `with` loads, by name; their `seconds` are the clock's `elapsed`, their stamps the agent's. */
  readonly traffic: Readonly<Record<string, LoadResult>>;
  /** Every change of every pod of the lab's namespaces (or container of its network), the state at the start first. */
  readonly pods: readonly PodSeen[];
  /** availableReplicas of every workload at every change; absent counts as 0. */
  readonly available: readonly {
    readonly at: number;
    readonly workload: string;
    readonly available: number;
    readonly desired: number;
  }[];
  /** CPU windows over `do`, by target. */
  readonly cpu: readonly CpuWindow[];
  /** The same load against the control clone. */
  readonly control?: { readonly traffic: Readonly<Record<string, LoadResult>>; readonly cpu: readonly CpuWindow[] };
  /** Why the workload was not settled; then nothing else in the record is meaningful and every objective fails with it. */
  readonly unsettled?: string;
}
