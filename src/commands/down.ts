import { type DownDone, type DownOptions, type DownPlan, planDown, removeAll } from "../flows/down.ts";
import { ExitCode, usageError } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { namedSandbox } from "../sandbox/homes.ts";
import { withSessionLock } from "../session/with-lock.ts";
import { terminalProgress } from "../ui/progress.ts";

/** Options of `labs down`. */
export interface DownCommandOptions extends DownOptions {
  /** Do not ask. */
  readonly yes?: boolean;
  readonly json?: boolean;
}

function flagsOf(options: DownOptions): string {
  const given = (["all", "purge", "everything"] as const).filter((name) => options[name] === true);
  return given.map((name) => ` --${name}`).join("");
}

/**
 * Asks before what cannot be taken back: sandboxes of others that may be at work, images and tools. True to go on. Without a terminal only
 * --yes goes on; exit 2.
 */
async function agreed(rt: Runtime, options: DownCommandOptions, plan: DownPlan): Promise<boolean> {
  const others = plan.others.map(namedSandbox);
  const lines = [...(others.length === 0 ? [] : [`sandboxes of other homes: ${others.join(", ")}`]), ...plan.purged];
  if (options.yes === true || lines.length === 0) return true;
  const command = `${rt.program} down${flagsOf(options)}`;
  rt.err.write(`${command} removes\n${lines.map((line) => `  ${line}\n`).join("")}`);
  const answer = await rt.ask("Go on? [y/N] ");
  if (answer === undefined) {
    const what = others.length === 0 ? "this" : `sandboxes of other homes (${others.join(", ")})`;
    throw usageError(
      `nobody is here to be asked whether ${what} may be removed`,
      `${command} --yes${others.length === 0 ? "" : `; without --all ${rt.program} down removes yours alone`}`,
    );
  }
  return /^y(es)?$/i.test(answer.trim());
}

/** Removes every sandbox of this home, or of all homes: clusters, networks, containers, volumes. Images, tools and state only with `purge`. */
export async function down(rt: Runtime, options: DownCommandOptions): Promise<ExitCode> {
  if (options.everything === true && options.purge !== true) {
    throw usageError("--everything says what --purge takes", `${rt.program} down --purge --everything`);
  }
  return withSessionLock(rt, "down", async () => {
    const progress = terminalProgress(rt);
    const plan = await planDown(rt, options, progress);
    if (await agreed(rt, options, plan)) tell(rt, options, await removeAll(rt, plan, options, progress));
    else rt.err.write("Nothing was removed.\n");
    return ExitCode.done;
  });
}

function tell(rt: Runtime, options: DownCommandOptions, { removed, kept }: DownDone): void {
  if (options.json === true) {
    rt.out.write(`${JSON.stringify(options.purge === true ? { removed, kept } : { removed }, null, 2)}\n`);
    return;
  }
  rt.out.write(removed.length === 0 ? "Nothing of ours is there.\n" : `Removed ${removed.join(", ")}.\n`);
  for (const one of kept) rt.out.write(`kept     ${one}\n`);
}
