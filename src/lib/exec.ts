import { constants } from "node:os";
import { execa, ExecaError } from "execa";
import { environmentError, interruptedError, LabsError } from "./errors.ts";
import { startTimer } from "./clock.ts";

/** Options of one process. */
export interface ExecOptions {
  readonly cwd?: string;
  /** Added to the environment of this program; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Milliseconds; default 10 minutes, 0 is no limit. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called with every line of output, in order. */
  readonly onLine?: (line: string) => void;
  /** Hand the terminal to the process (shells, editors). */
  readonly inherit?: boolean;
  /** Called with the process id once it runs. */
  readonly onStart?: (pid: number) => void;
  /** Also return for exit codes other than 0; a process that a signal ended counts as 128 and the signal's number, as in a shell. */
  readonly allowFailure?: boolean;
}

/** What a process left behind. */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program by argv, never through a shell. Throws a LabsError (exit 3) that carries argv and output. */
export type Exec = (argv: readonly [string, ...string[]], options?: ExecOptions) => Promise<ExecResult>;

const TAIL_LINES = 20;

function tail(text: string): string {
  return text.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
}

function failure(argv: readonly string[], error: ExecaError, late: boolean, timeoutMs: number): LabsError {
  const what = late
    ? `did not end within ${Math.round(timeoutMs / 1000)} s`
    : error.code === "ENOENT"
      ? "could not be started: no such program"
      : error.signal !== undefined
        ? `was ended by ${error.signal}`
        : `exited with ${error.exitCode ?? "no exit code"}`;
  const output = tail(String(error.all ?? error.stderr ?? ""));
  return environmentError(`${argv.join(" ")} ${what}${output === "" ? "" : `\n${output}`}`, { cause: error });
}

function signalCode(signal: NodeJS.Signals | undefined): number | undefined {
  return signal === undefined ? undefined : 128 + constants.signals[signal];
}

/** The real Exec, over execa. `env` is the whole environment that processes inherit. */
export function createExec(env: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Exec {
  return async (argv, options = {}) => {
    const timeoutMs = options.timeoutMs ?? 600_000;
    const stopped = options.signal ?? signal;
    const limit = new AbortController();
    const stopTimer = timeoutMs > 0 ? startTimer(timeoutMs, () => limit.abort()) : () => undefined;
    const [file, ...args] = argv;
    const child = execa(file, args, {
      extendEnv: false,
      env: { ...env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.inherit === true ? { stdio: "inherit" as const } : { all: true as const }),
      ...(options.input === undefined
        ? options.inherit === true
          ? {}
          : { stdin: "ignore" as const }
        : { input: options.input }),
      cancelSignal: AbortSignal.any([stopped, limit.signal]),
      forceKillAfterDelay: 5000,
      maxBuffer: 64 * 1024 * 1024,
    });
    if (child.pid !== undefined) options.onStart?.(child.pid);
    const { onLine } = options;
    const reading =
      onLine === undefined || options.inherit === true
        ? undefined
        : (async () => {
            for await (const line of child.iterable({ from: "all" })) onLine(line);
          })().catch(() => undefined);
    try {
      const result = await child;
      await reading;
      return {
        exitCode: result.exitCode ?? 0,
        stdout: result.stdout ?? "",
        stderr: result.stderr ?? "",
      };
    } catch (error) {
      await reading;
      if (!(error instanceof ExecaError)) throw error;
      const late = limit.signal.aborted && !stopped.aborted;
      if (error.isCanceled && !late) throw interruptedError();
      const exitCode = error.exitCode ?? (late ? undefined : signalCode(error.signal));
      if (options.allowFailure === true && exitCode !== undefined) {
        return { exitCode, stdout: error.stdout ?? "", stderr: error.stderr ?? "" };
      }
      throw failure(argv, error, late, timeoutMs);
    } finally {
      stopTimer();
    }
  };
}
