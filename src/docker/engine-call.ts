import { startTimer } from "../lib/clock.ts";
import { DockerError } from "./docker-error.ts";

/** Time limit of one call to the engine, unless the call says otherwise. */
export const callTimeoutMs = 15_000;

const unreachableCodes = new Set([
  "ECONNREFUSED",
  "ENOENT",
  "EACCES",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENOTFOUND",
]);

function field(error: unknown, name: string): unknown {
  return typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined;
}

/** dockerode's "(HTTP code 404) no such container - No such container: x " without its frame. */
function plain(message: string): string {
  return message.replace(/^\(HTTP code \d+\) .*? - /, "").trim();
}

/** Any error of a call to the engine as a DockerError. */
export function toDockerError(what: string, error: unknown): DockerError {
  if (error instanceof DockerError) return error;
  const message = error instanceof Error ? plain(error.message) : String(error);
  const status = field(error, "statusCode");
  if (typeof status === "number") return new DockerError(`${what}: ${message}`, { status, cause: error });
  const code = field(error, "code");
  const unreachable = typeof code === "string" && unreachableCodes.has(code);
  const text = unreachable ? `the Docker engine does not answer (${message})` : message;
  return new DockerError(`${what}: ${text}`, { unreachable, cause: error });
}

/** The error of a call that the engine left without an answer. */
function noAnswer(what: string, timeoutMs: number): DockerError {
  const seconds = Math.round(timeoutMs / 1000);
  return new DockerError(`${what}: the Docker engine did not answer within ${seconds} s`, { unreachable: true });
}

/**
 * Runs one call to the engine with a time limit; what goes wrong is a DockerError that starts with `what`.
 * `late` makes the error of a call that took too long.
 */
export async function engineCall<T>(
  what: string,
  act: (abortSignal: AbortSignal) => Promise<T>,
  timeoutMs: number = callTimeoutMs,
  late: (what: string, timeoutMs: number) => DockerError = noAnswer,
): Promise<T> {
  const limit = new AbortController();
  let stopTimer: (() => void) | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    stopTimer = startTimer(timeoutMs, () => {
      reject(late(what, timeoutMs));
      limit.abort();
    });
  });
  try {
    return await Promise.race([act(limit.signal), tooLong]);
  } catch (error) {
    throw toDockerError(what, error);
  } finally {
    stopTimer?.();
  }
}

/** The same, with undefined for "no such object" (404). */
export async function engineLookup<T>(
  what: string,
  act: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await engineCall(what, act);
  } catch (error) {
    if (error instanceof DockerError && error.status === 404) return undefined;
    throw error;
  }
}
