import { ExitCode, usageError } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { enterLab, sandboxEnv, sandboxView } from "../flows/sandbox-env.ts";
import { fishVariables } from "../shell/fish-files.ts";
import { posixVariables } from "../shell/posix-files.ts";
import { terminalProgress } from "../ui/progress.ts";

/** How each family of shells is told the variables. */
const dialects = { sh: posixVariables, fish: fishVariables } as const;

/**
 * Prints the variables that `labs shell` sets, for `eval "$(labs env)"`, and takes away those that lead elsewhere. `shell` is sh (bash, zsh and
 * ksh read that too) or fish. As JSON, null stands for a variable that must not be set.
 */
export async function env(
  rt: Runtime,
  options: { readonly json?: boolean; readonly shell?: string },
): Promise<ExitCode> {
  const { shell = "sh" } = options;
  if (shell !== "sh" && shell !== "fish") throw usageError(`--shell takes sh or fish, not "${shell}"`);
  const session = await enterLab(rt, terminalProgress(rt));
  if (options.json === true) {
    const variables = await sandboxEnv(rt, session);
    rt.out.write(`${JSON.stringify(variables, (_name, value: unknown) => value ?? null, 2)}\n`);
  } else {
    rt.out.write(dialects[shell](await sandboxView(rt, session)));
  }
  return ExitCode.done;
}
