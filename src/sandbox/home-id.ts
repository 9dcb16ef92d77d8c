import { createHash } from "node:crypto";
import { labelKeys } from "../images/labels.ts";
import type { Paths } from "../runtime.ts";

type Place = { readonly paths: Pick<Paths, "home"> };

/** Six hex digits that tell this LABS_HOME from every other on the machine; part of the name of all that we make. */
export function homeId(rt: Place): string {
  return createHash("sha256").update(rt.paths.home).digest("hex").slice(0, 6);
}

/** True for names of sandboxes of this home. */
export function isOfHome(rt: Place, sandbox: string): boolean {
  const own = `labs-${homeId(rt)}`;
  return sandbox === own || sandbox.startsWith(`${own}-`);
}

/** Labels of a sandbox's network; by them everybody on the engine can tell whose it is. */
export function networkLabels(rt: Place, sandbox: string): Record<string, string> {
  return {
    [labelKeys.home]: homeId(rt),
    [labelKeys.homePath]: rt.paths.home,
    [labelKeys.sandbox]: sandbox,
  };
}
