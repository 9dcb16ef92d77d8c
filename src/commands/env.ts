import { ExitCode } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { requireSession } from "../session/find-session.ts";
import { sandboxEnv } from "../session/sandbox-env.ts";

function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/** Prints the variables that `labs shell` sets, for `eval "$(labs env)"`. */
export async function env(rt: Runtime, options: { readonly json?: boolean }): Promise<ExitCode> {
  const { session } = await requireSession(rt);
  const variables = await sandboxEnv(rt, session);
  if (options.json === true) rt.out.write(`${JSON.stringify(variables, null, 2)}\n`);
  else for (const [name, value] of Object.entries(variables)) rt.out.write(`export ${name}=${quoted(value)}\n`);
  return ExitCode.done;
}
