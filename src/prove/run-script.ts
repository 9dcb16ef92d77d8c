import { environmentError, messageOf } from "../lib/errors.ts";
import type { Script } from "../lab/lab.ts";
import type { Runtime } from "../runtime.ts";
import type { Session } from "../session/session.ts";
import { sandboxEnv } from "../flows/sandbox-env.ts";

/** A repair that takes longer than this hangs. */
const timeoutMs = 300_000;

/** Runs a fix or bypass as a learner would type it: .sh with bash, .yaml with kubectl apply. Throws with its output. */
export async function runScript(rt: Runtime, session: Session, script: Script, dir: string): Promise<void> {
  const env = await sandboxEnv(rt, session);
  const argv: [string, ...string[]] = script.path.endsWith(".sh")
    ? ["bash", "-euo", "pipefail", script.path]
    : ["kubectl", "apply", "-f", script.path];
  try {
    await rt.exec(argv, { env, cwd: dir, timeoutMs });
  } catch (error) {
    if (rt.signal.aborted) throw error;
    throw environmentError(`${script.kind} ${script.name} did not run: ${messageOf(error)}`, { cause: error });
  }
}
