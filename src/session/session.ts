import type { KubeObject } from "../kube/kube.ts";
import type { ContainerState } from "../docker/docker.ts";
import { offersNeed } from "../lab/needs.ts";
import type { ProviderName } from "../lab/topology.ts";

/** Something an experiment changed that does not end by itself; `undo` names an entry of src/experiments/undo/undo.ts. */
export interface OpenEntry {
  readonly id: string;
  readonly undo: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** One sentence for the learner, in the past tense: "the clone of deployment/api was removed". */
  readonly sentence: string;
}

/** The lab's own objects as they were once base was healthy, before the fault; guards compare with it. */
export type Reference = ObjectReference | ContainerReference;

/** The reference of a lab in a cluster. */
export interface ObjectReference {
  readonly provider: "kind";
  readonly stage: readonly KubeObject[];
  readonly base: readonly KubeObject[];
}

/** The reference of a Docker lab. */
export interface ContainerReference {
  readonly provider: "docker";
  readonly stage: readonly ContainerState[];
  readonly base: readonly ContainerState[];
}

/** True for the reference of a lab in a cluster: it holds objects, not containers. */
export function holdsObjects(reference: Reference): reference is ObjectReference {
  return offersNeed(reference.provider, "cluster");
}

/** One started lab, as the state file remembers it and the sandbox knows it. */
export interface Session {
  readonly version: 1;
  readonly id: string;
  readonly lab: { readonly id: string; readonly dir: string; readonly digest: string };
  readonly variant: string;
  readonly seed: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly phase: "starting" | "running" | "stopping";
  readonly sandbox: { readonly provider: ProviderName; readonly name: string };
  /** Generated values, and `token`: the admin token of everything in this lab. */
  readonly values: Readonly<Record<string, string>>;
  readonly reference?: Reference;
  /** When the fault was in, ISO 8601. */
  readonly faultAt?: string;
  /** Digest of the learner's folder as it was handed over; absent for labs without one. */
  readonly workspace?: string;
  readonly open: readonly OpenEntry[];
  /** Started with --keep: what a failed start leaves is left alone. */
  readonly kept?: true;
}
