import { readFile } from "node:fs/promises";
import type { Lab } from "./lab.ts";

/** A repair that is known to work, with its text. */
export interface KnownFix {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** The fixes of a lab that repair a variant. */
export async function fixesFor(lab: Lab, variant: string): Promise<KnownFix[]> {
  const fixes = lab.scripts.filter(
    ({ kind, variants }) => kind === "fix" && (variants.length === 0 || variants.includes(variant)),
  );
  return Promise.all(fixes.map(async ({ name, path }) => ({ name, path, text: await readFile(path, "utf8") })));
}
