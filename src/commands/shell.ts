import { ExitCode } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { requireSession } from "../session/find-session.ts";
import { sandboxEnv } from "../session/sandbox-env.ts";

/** Opens a shell, or runs one command, in which kubectl and docker see the lab. Returns with the shell's own exit code. */
export async function shell(rt: Runtime, command: readonly string[]): Promise<number> {
  const { session } = await requireSession(rt);
  const variables = await sandboxEnv(rt, session);
  const program = rt.env["SHELL"] ?? "/bin/sh";
  if (command.length === 0) {
    rt.err.write(`Shell for lab ${session.lab.id}; leave it with exit or Ctrl-D, then ${rt.program} verify.\n`);
  }
  const [file = program, ...args] = command;
  const { exitCode } = await rt.exec([file, ...args], {
    env: variables,
    inherit: true,
    allowFailure: true,
    timeoutMs: 0,
    // Ctrl-C inside the shell belongs to what runs in it.
    signal: new AbortController().signal,
  });
  return command.length === 0 ? ExitCode.done : exitCode;
}
