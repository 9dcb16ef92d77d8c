import { findKind } from "../kind-tool.ts";
import { versions } from "../../images/versions.ts";
import type { Probe } from "./finding.ts";

/** Is kind of our version there? */
export const kindProbe: Probe = {
  id: "kind",
  name: "kind",
  async look(rt) {
    const path = await findKind(rt);
    if (path !== undefined) return { level: "ok", found: `${versions.kind} ${path}` };
    return { level: "missing", found: `no kind ${versions.kind}`, cure: `${rt.program} setup` };
  },
};
