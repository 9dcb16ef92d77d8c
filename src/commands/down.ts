import { DockerError } from "../docker/docker-error.ts";
import { ExitCode } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { allProviders } from "../sandbox/providers.ts";
import type { Session } from "../session/session.ts";
import { putWorkspaceAside } from "../session/workspace.ts";
import { forgetSession, readSession } from "../session/store.ts";
import { withSessionLock } from "../session/with-lock.ts";
import { engineVersion } from "../setup/engine.ts";
import { runSteps, type Step } from "../ui/steps.ts";

/** Removes every sandbox of this home, or of all homes: clusters, networks, containers, volumes. Images and tools stay. */
export async function down(
  rt: Runtime,
  options: { readonly all?: boolean; readonly json?: boolean },
): Promise<ExitCode> {
  return withSessionLock(rt, "down", async () => {
    const removed: string[] = [];
    const steps: Step[] = [];
    const session = await readSession(rt);
    const usable = await mayHoldOurs(rt, session);
    for (const provider of usable ? await allProviders() : []) {
      for (const name of await provider.list(rt, options.all === true ? "all" : "home")) {
        steps.push({
          title: `Remove ${name}`,
          run: async () => {
            if (await provider.remove(rt, name)) removed.push(name);
          },
        });
      }
    }
    await runSteps(rt, steps);
    const aside = await putWorkspaceAside(rt, session?.workspace);
    if (aside !== undefined) rt.err.write(`What you wrote is kept in ${aside}.\n`);
    await forgetSession(rt);
    if (options.json === true) rt.out.write(`${JSON.stringify({ removed }, null, 2)}\n`);
    else rt.out.write(removed.length === 0 ? "Nothing of ours is there.\n" : `Removed ${removed.join(", ")}.\n`);
    return ExitCode.done;
  });
}

/**
 * Does the engine answer? False, and said, for one on which this program makes nothing, so that a session that never came up can be forgotten;
 * throws for others, and where a lab was handed over on another engine.
 */
async function mayHoldOurs(rt: Runtime, session: Session | undefined): Promise<boolean> {
  try {
    await engineVersion(rt);
    return true;
  } catch (error) {
    if (!(error instanceof DockerError && error.unsupported) || session?.faultAt !== undefined) throw error;
    rt.err.write(`No sandbox of ours can be there: ${error.message}.\n`);
    return false;
  }
}
