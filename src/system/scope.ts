import type { Lab } from "../lab/lab.ts";
import type { Runtime } from "../runtime.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Session } from "../session/session.ts";

/** Whose sandbox is looked at, and with what. `rt.signal` cancels. */
export interface Scope {
  readonly rt: Runtime;
  readonly lab: Lab;
  readonly session: Session;
  readonly sandbox: Sandbox;
  /** The lab's first namespace; "" for Docker labs. */
  readonly namespace: string;
}

/** A scope of work that takes long: `progress` is told how far it is, in a few words. */
export interface ProgressScope extends Scope {
  readonly progress: (text: string) => void;
}
