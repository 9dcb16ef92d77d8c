import { messageOf } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import type { Cleared, Scenario } from "./scenario.ts";

/** Takes a lab out of its sandbox. What keeps it from being cleared makes it unclean, but for Ctrl-C: then it is as it was left. */
export async function clearLab(
  rt: Pick<Runtime, "signal">,
  scenario: Pick<Scenario, "clear">,
  note: (text: string) => void,
): Promise<Cleared> {
  return scenario.clear(note).catch((error: unknown) => {
    if (rt.signal.aborted) throw error;
    note(`could not clear it: ${messageOf(error)}`);
    return { cleaned: [], clean: false };
  });
}
