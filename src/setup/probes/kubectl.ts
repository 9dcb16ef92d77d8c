import { findKubectl, kubectlVersion } from "../kubectl-tool.ts";
import { versions } from "../../images/versions.ts";
import type { Probe } from "./finding.ts";

/** Is a kubectl there that fits our clusters? */
export const kubectlProbe: Probe = {
  id: "kubectl",
  name: "kubectl",
  async look(rt) {
    const path = await findKubectl(rt);
    if (path !== undefined) return { level: "ok", found: `${(await kubectlVersion(rt, path)) ?? "?"} ${path}` };
    return {
      level: "missing",
      found: `none within one minor version of ${versions.kubernetes}`,
      cure: `${rt.program} setup`,
    };
  },
};
