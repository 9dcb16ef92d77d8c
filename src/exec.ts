import { execa, ExecaError } from "execa";
import { environmentError, interruptedError, LabsError } from "./errors.ts";

/** Options of one process. */
export interface ExecOptions {
  readonly cwd?: string;
  /** Added to the environment of this program; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Milliseconds; default 10 minutes. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called with every line of output, in order. */
  readonly onLine?: (line: string) => void;
  /** Hand the terminal to the process (shells, editors). */
  readonly inherit?: boolean;
  /** Also return for exit codes other than 0. */
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

function failure(argv: readonly string[], error: ExecaError, timeoutMs: number): LabsError {
  const what = error.timedOut
    ? `did not end within ${Math.round(timeoutMs / 1000)} s`
    : error.code === "ENOENT"
      ? "could not be started: no such program"
      : error.signal !== undefined
        ? `was ended by ${error.signal}`
        : `exited with ${error.exitCode ?? "no exit code"}`;
  const output = tail(String(error.all ?? error.stderr ?? ""));
  return environmentError(`${argv.join(" ")} ${what}${output === "" ? "" : `\n${output}`}`, { cause: error });
}

/** The real Exec, over execa. `env` is the whole environment that processes inherit. */
export function createExec(env: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Exec {
  return async (argv, options = {}) => {
    const timeoutMs = options.timeoutMs ?? 600_000;
    const cancelSignal = options.signal ?? signal;
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
      timeout: timeoutMs,
      cancelSignal,
      forceKillAfterDelay: 5000,
      maxBuffer: 64 * 1024 * 1024,
    });
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
      if (error.isCanceled) throw interruptedError();
      if (options.allowFailure === true && error.exitCode !== undefined) {
        return { exitCode: error.exitCode, stdout: error.stdout ?? "", stderr: error.stderr ?? "" };
      }
      throw failure(argv, error, timeoutMs);
    }
  };
}
