import type { Runtime } from "../runtime.ts";
import { enterLab, sandboxEnv, sandboxView } from "../flows/sandbox-env.ts";
import { openShell } from "../shell/open-shell.ts";
import { terminalProgress } from "../ui/progress.ts";

/** Opens a shell, or runs one command, in which kubectl and docker see the lab. Returns with its exit code. */
export async function shell(rt: Runtime, command: readonly string[]): Promise<number> {
  const session = await enterLab(rt, terminalProgress(rt));
  const [file, ...args] = command;
  if (file === undefined) {
    rt.err.write(`Shell for lab ${session.lab.id}; leave it with exit or Ctrl-D, then ${rt.program} verify.\n`);
    return openShell(rt, await sandboxView(rt, session));
  }
  const { exitCode } = await rt.exec([file, ...args], {
    env: await sandboxEnv(rt, session),
    inherit: true,
    allowFailure: true,
    timeoutMs: 0,
    // Ctrl-C inside the command belongs to it.
    signal: new AbortController().signal,
  });
  return exitCode;
}
