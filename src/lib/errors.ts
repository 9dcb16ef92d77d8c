/** Exit codes of the program, as README and `--help` list them. */
export const ExitCode = {
  done: 0,
  notSolved: 1,
  usage: 2,
  environment: 3,
  noLab: 4,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/**
 * An error whose text is meant for the person at the terminal: what happened, to which object, and `cure`, the next
 * command to type. Anything that is not a LabsError is a bug and exits with 70.
 */
export class LabsError extends Error {
  readonly exitCode: ExitCode;
  readonly cure: string | undefined;

  constructor(exitCode: ExitCode, message: string, options: { cure?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "LabsError";
    this.exitCode = exitCode;
    this.cure = options.cure;
  }
}

/** Bad arguments or a bad lab file (exit 2). */
export function usageError(message: string, cure?: string): LabsError {
  return new LabsError(ExitCode.usage, message, cure === undefined ? {} : { cure });
}

/** The machine, the engine or the cluster failed (exit 3). */
export function environmentError(message: string, options: { cure?: string; cause?: unknown } = {}): LabsError {
  return new LabsError(ExitCode.environment, message, options);
}

/** A command that needs a running lab found none (exit 4). */
export function noLabError(message = "no lab is running", cure = "labs list, then labs start <lab>"): LabsError {
  return new LabsError(ExitCode.noLab, message, { cure });
}

/** The person or a supervisor stopped the program (exit 130). */
export function interruptedError(): LabsError {
  return new LabsError(ExitCode.interrupted, "interrupted");
}

/** The code of a system's error, as ENOENT; undefined for anything else that was thrown. */
export function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a program said last: the last line of an error's text that is not empty, at most 300 characters. */
export function lastLineOf(error: unknown): string {
  const lines = messageOf(error)
    .split("\n")
    .filter((line) => line.trim() !== "");
  return (lines.at(-1) ?? "").trim().slice(0, 300);
}
