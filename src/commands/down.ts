import { ExitCode } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { allProviders } from "../sandbox/providers.ts";
import { putWorkspaceAside } from "../session/workspace.ts";
import { forgetSession, readSession } from "../session/store.ts";
import { withSessionLock } from "../session/with-lock.ts";
import { runSteps, type Step } from "../ui/steps.ts";

/** Removes every sandbox of this home, or of all homes: clusters, networks, containers, volumes. Images and tools stay. */
export async function down(
  rt: Runtime,
  options: { readonly all?: boolean; readonly json?: boolean },
): Promise<ExitCode> {
  return withSessionLock(rt, "down", async () => {
    const removed: string[] = [];
    const steps: Step[] = [];
    for (const provider of await allProviders()) {
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
    const aside = await putWorkspaceAside(rt, (await readSession(rt))?.workspace);
    if (aside !== undefined) rt.err.write(`What you wrote is kept in ${aside}.\n`);
    await forgetSession(rt);
    if (options.json === true) rt.out.write(`${JSON.stringify({ removed }, null, 2)}\n`);
    else rt.out.write(removed.length === 0 ? "Nothing of ours is there.\n" : `Removed ${removed.join(", ")}.\n`);
    return ExitCode.done;
  });
}
