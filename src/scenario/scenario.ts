import type { Lab, Variant } from "../lab/lab.ts";
import type { Reference, Session } from "../session/session.ts";

/** What clearing a sandbox did. */
export interface Cleared {
  /** One sentence per thing that was left over or changed, and was put right. */
  readonly cleaned: readonly string[];
  /** False: something would not go or would not hold; only a fresh sandbox is clean. */
  readonly clean: boolean;
}

/** A lab with its values filled in, ready to be laid down. */
export interface FilledLab {
  readonly lab: Lab;
  readonly variant: Variant;
}

/** Lays a lab down in one sort of sandbox and takes it away again. */
export interface Scenario {
  /** Takes stock of the sandbox before any lab, once per sandbox. */
  takeStock(): Promise<void>;
  layStage(filled: FilledLab): Promise<void>;
  layBase(filled: FilledLab): Promise<void>;
  /** Waits until stage and base are healthy; throws a LabsError that names what is not. */
  awaitHealthy(filled: FilledLab, note: (text: string) => void): Promise<void>;
  /** The lab's own objects as they are now. */
  reference(filled: FilledLab): Promise<Reference>;
  breakIt(filled: FilledLab): Promise<void>;
  /** Writes the session into the sandbox, from where it can be recalled when the state file is lost. */
  remember(session: Session): Promise<void>;
  recall(): Promise<Session | undefined>;
  /** Removes the lab and restores what was there before it. Needs no lab files. */
  clear(note: (text: string) => void): Promise<Cleared>;
  /** Lines for the learner about how the system was laid down (the equivalent `docker run` lines). */
  describe(filled: FilledLab): readonly string[];
}
