import type { Runtime } from "../runtime.ts";
import type { EventBody } from "../session/events.ts";
import { type RunSteps, runNoted, runSteps } from "./steps.ts";

/** Where the progress of a flow goes: a terminal, the live line of a proof, later a page. A flow prints nothing by itself. */
export interface Progress {
  /** Runs steps one after the other and shows them; the first that throws ends them, with its error. */
  readonly steps: RunSteps;
  /** A sentence that the person reads now. */
  readonly tell: (sentence: string) => void;
  /** An event of the work that goes on; it is in the session's journal too. */
  readonly event: (event: EventBody) => void;
}

/** Progress on stderr. */
export function terminalProgress(rt: Runtime, event: Progress["event"] = () => undefined): Progress {
  return { steps: (steps) => runSteps(rt, steps), tell: (sentence) => rt.err.write(`${sentence}\n`), event };
}

/** Progress of which only the notes are shown, in a place of the caller's. */
export function notedProgress(rt: Runtime, note: (text: string) => void, event: Progress["event"]): Progress {
  return { steps: (steps) => runNoted(rt, steps, note), tell: note, event };
}

/** Progress that nobody looks at. */
export function silentProgress(rt: Runtime): Progress {
  return notedProgress(
    rt,
    () => undefined,
    () => undefined,
  );
}
