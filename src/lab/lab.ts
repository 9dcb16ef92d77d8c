import type { BaseImageName } from "../images/base-images.ts";
import type { KubeObject } from "../kube/kube.ts";
import type { Topology } from "./topology.ts";
import type { Files } from "./workspace.ts";

/** One check as a lab file writes it: `type` names an entry of src/checks/registry.ts, the rest are its parameters. */
export type CheckSpec = { readonly type: string } & Readonly<Record<string, unknown>>;

/** One action as a lab file writes it, `{ outage: { … } }`, split into its name and parameters. */
export interface ActionSpec {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A check with an identity. Times in milliseconds. */
export interface CheckEntry {
  readonly id: string;
  readonly title: string;
  readonly check: CheckSpec;
  /** Must become true within this time; 0 looks once. */
  readonly withinMs: number;
  /** Must then stay true for this time. */
  readonly forMs: number;
  /** Judged only when these passed, else not run. */
  readonly needs: readonly string[];
}

/** A run of actions whose record the objectives read. */
export interface Experiment {
  readonly id: string;
  readonly do: readonly ActionSpec[];
  /** Runs beside `do`: steady before it, ends 5 s after. */
  readonly with: readonly ActionSpec[];
  /** The same load against a clone of the learner's workload with one thing removed. */
  readonly control?: ActionSpec;
  /** Workloads (`deployment/name`) or containers (`container/name`) that must be settled first. */
  readonly settle: readonly string[];
  readonly needs: readonly string[];
  readonly objectives: readonly CheckEntry[];
}

/** A container of a Docker lab. Memory in bytes. */
export interface LabContainer {
  readonly name: string;
  readonly part: "stage" | "base";
  readonly image: string;
  /** Folder of the workspace that the image is built from. */
  readonly build?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly cpus?: number;
  readonly memoryBytes?: number;
  /** Docker's restart policy; default no. */
  readonly restart?: "no" | "always" | "on-failure" | "unless-stopped";
}

/** What a lab makes of a worker node; 1 is the first worker. */
export interface LabNode {
  readonly worker: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
}

/** One thing a fault does, in file order. Manifests are read and parsed; `${value}` is still in their strings. */
export type FaultEntry =
  | { readonly do: "apply"; readonly objects: readonly KubeObject[] }
  | { readonly do: "delete"; readonly kind: string; readonly name: string; readonly namespace?: string }
  | {
      readonly do: "patch";
      readonly kind: string;
      readonly name: string;
      readonly namespace?: string;
      readonly patch: unknown;
    }
  | { readonly do: "restart"; readonly workload: string; readonly namespace?: string; readonly settled?: true }
  | { readonly do: "files"; readonly files: Files }
  | { readonly do: "stop"; readonly container: string; readonly timeoutMs: number }
  | { readonly do: "recreate"; readonly container: Partial<Omit<LabContainer, "name">> & { readonly name: string } };

/** One root cause of a lab, and exactly the checks that fail under it. */
export interface Variant {
  readonly id: string;
  readonly fault: readonly FaultEntry[];
  readonly fails: readonly string[];
}

/** A hint. `when`: shown first while this check fails. */
export interface Hint {
  readonly level: "nudge" | "where" | "what" | "command";
  readonly text: string;
  readonly command?: string;
  readonly when?: string;
}

/** A fix or bypass: `# variants: a, b` and `# caught-by: <check id>` from its first lines. */
export interface Script {
  /** Base name without extension; also the name of its case in a proof. */
  readonly name: string;
  readonly kind: "fix" | "bypass";
  /** Absolute path: .sh is run, .yaml is applied. */
  readonly path: string;
  /** Empty: every variant. */
  readonly variants: readonly string[];
  readonly caughtBy: readonly string[];
}

/** A lab as loaded: everything resolved, nothing of it left to validate. */
export interface Lab {
  readonly id: string;
  /** Absolute path of its folder. */
  readonly dir: string;
  /** SHA-256 over the names and contents of its files. */
  readonly digest: string;
  readonly title: string;
  readonly summary: string;
  readonly level: "warm-up" | "medium" | "hard" | "staff";
  readonly minutes: number;
  readonly topics: readonly string[];
  readonly topology: Topology;
  /** First one is the default of every check; empty for Docker labs. */
  readonly namespaces: readonly string[];
  readonly stage: readonly KubeObject[];
  readonly base: readonly KubeObject[];
  /** Worker nodes that differ from the others. */
  readonly nodes: readonly LabNode[];
  readonly containers: readonly LabContainer[];
  /** Base images that its Dockerfiles start from, or its manifests name. */
  readonly images: readonly BaseImageName[];
  /** Files that the learner gets a copy of, to change; empty for most labs. */
  readonly workspace: Files;
  readonly variants: readonly Variant[];
  /** Name -> generator (`random.hex16`, `random.hex32`, `random.int(1,9)`) or literal text. */
  readonly values: Readonly<Record<string, string>>;
  readonly symptom: readonly CheckEntry[];
  readonly guards: readonly CheckEntry[];
  /** Objectives that only look. */
  readonly objectives: readonly CheckEntry[];
  readonly experiments: readonly Experiment[];
  readonly hints: readonly Hint[];
  /** Markdown: the story, the debrief. */
  readonly story: string;
  readonly debrief: string;
  readonly scripts: readonly Script[];
}
