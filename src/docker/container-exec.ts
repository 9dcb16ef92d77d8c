import type Dockerode from "dockerode";
import { PermanentError, poll } from "../lib/poll.ts";
import { systemClock } from "../lib/clock.ts";
import { demux, readAll } from "./output.ts";
import { DockerError } from "./docker-error.ts";
import type { ContainerExec, Docker } from "./docker.ts";
import { engineCall } from "./engine-call.ts";

const maxOutputBytes = 16 * 1024 * 1024;

/** The output ends a moment before the engine knows the exit code. */
async function exitCodeOf(exec: Dockerode.Exec, what: string, signal: AbortSignal): Promise<number> {
  const ended = await poll(
    async () => {
      const info = await exec.inspect({ abortSignal: signal }).catch((error: unknown) => {
        throw new PermanentError(`${what}: its exit code is lost`, { cause: error });
      });
      if (info.Running || info.ExitCode === null) return { done: false, seen: "still running" };
      return { done: true, value: info.ExitCode };
    },
    { clock: systemClock, signal, withinMs: 5000, everyMs: 20 },
  );
  if (!ended.ok) throw new DockerError(`${what}: its output ended, but the engine says it is still running`);
  return ended.value;
}

function tooLong(what: string, timeoutMs: number): DockerError {
  return new DockerError(`${what}: did not end within ${timeoutMs / 1000} s`);
}

/** `docker exec` over the engine's API. */
export function containerExec(engine: Dockerode): Docker["exec"] {
  return async (name, argv, options = {}): Promise<ContainerExec> => {
    const what = `docker exec ${name} ${argv.slice(0, 2).join(" ")}`;
    const { input } = options;
    const hasInput = input !== undefined;
    return engineCall(
      what,
      async (abortSignal) => {
        const exec = await engine.getContainer(name).exec({
          Cmd: [...argv],
          AttachStdin: hasInput,
          AttachStdout: true,
          AttachStderr: true,
          abortSignal,
        });
        const stream = await exec.start({ hijack: hasInput, stdin: hasInput, abortSignal });
        // An abort that comes after the upgrade no longer reaches the socket by itself.
        const drop = () => stream.destroy();
        abortSignal.addEventListener("abort", drop, { once: true });
        try {
          if (hasInput) stream.end(input);
          const { stdout, stderr } = demux(await readAll(stream, what, maxOutputBytes));
          return { exitCode: await exitCodeOf(exec, what, abortSignal), stdout, stderr };
        } finally {
          abortSignal.removeEventListener("abort", drop);
        }
      },
      options.timeoutMs ?? 30_000,
      tooLong,
    );
  };
}
