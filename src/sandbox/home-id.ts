import { createHash } from "node:crypto";
import type { Paths } from "../runtime.ts";

/** Six hex digits that tell this LABS_HOME from every other on the machine; part of the name of all that we make. */
export function homeId(rt: { readonly paths: Pick<Paths, "home"> }): string {
  return createHash("sha256").update(rt.paths.home).digest("hex").slice(0, 6);
}
