import { ExitCode } from "../lib/errors.ts";
import { loadLab } from "../flows/load.ts";
import { publicLab, showText } from "../report/show-text.ts";
import { textWidth } from "../lib/text.ts";
import type { Runtime } from "../runtime.ts";

/** Tells what a lab is about, without anything that spoils it. */
export async function show(rt: Runtime, options: { readonly lab: string; readonly json?: boolean }): Promise<ExitCode> {
  const lab = await loadLab(rt, options.lab);
  rt.out.write(
    options.json === true
      ? `${JSON.stringify(publicLab(lab), undefined, 2)}\n`
      : showText(lab, options.lab, rt.program, textWidth(rt.out)),
  );
  return ExitCode.done;
}
