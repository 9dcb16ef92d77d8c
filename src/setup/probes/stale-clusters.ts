import { access } from "node:fs/promises";
import { homeId } from "../../sandbox/home-id.ts";
import { engineVersion } from "../engine.ts";
import type { Probe } from "./finding.ts";

const clusterLabel = "io.x-k8s.kind.cluster";

/** Clusters of ours that no session will ever come back to: of another LABS_HOME, or of this one when its folder is gone. */
export const staleClustersProbe: Probe = {
  id: "stale-clusters",
  name: "stale clusters",
  async look(rt) {
    await engineVersion(rt);
    const format = `{{.Label "${clusterLabel}"}}`;
    const { stdout } = await rt.exec(["docker", "ps", "-a", "--filter", `label=${clusterLabel}`, "--format", format]);
    const names = [...new Set(stdout.split("\n").map((name) => name.trim()))].filter((name) =>
      /^labs-[0-9a-f]{6}-/.test(name),
    );
    const mine = names.filter((name) => name.startsWith(`labs-${homeId(rt)}-`));
    const foreign = names.filter((name) => !mine.includes(name));
    const homeIsThere = await access(rt.paths.home).then(
      () => true,
      () => false,
    );
    if (!homeIsThere && mine.length > 0) {
      return { level: "warn", found: `${mine.join(", ")}, but ${rt.paths.home} is gone`, cure: `${rt.program} down` };
    }
    if (foreign.length > 0) {
      return { level: "warn", found: `${foreign.join(", ")} of another LABS_HOME`, cure: `${rt.program} down --all` };
    }
    return { level: "ok", found: mine.length === 0 ? "none" : `none (${mine.join(", ")} in use)` };
  },
};
