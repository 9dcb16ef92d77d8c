import { access } from "node:fs/promises";
import { findSandboxes, namedSandbox, type FoundSandbox } from "../homes.ts";
import { errorCode } from "../../lib/errors.ts";
import type { Runtime } from "../../runtime.ts";
import { engineVersion } from "../../setup/engine.ts";
import type { Probe } from "../../setup/probes/probe.ts";

/** True when it is certain that there is no such folder here; one that this user may not look into is there. */
async function isGone(folder: string): Promise<boolean> {
  return access(folder).then(
    () => false,
    (error: unknown) => errorCode(error) === "ENOENT",
  );
}

/** True for a sandbox of another home that nobody comes back to. A running one may belong to a home on another machine or in a container. */
async function isStale({ mine, home, state }: FoundSandbox): Promise<boolean> {
  return !mine && state !== "running" && (home === undefined || (await isGone(home)));
}

/** A command that removes exactly this sandbox, and touches no other. */
function cureOf(rt: Pick<Runtime, "program">, { name, home }: FoundSandbox): string {
  if (home !== undefined) return `LABS_HOME=${home} ${rt.program} down`;
  return `docker rm -fv $(docker ps -aq --filter network=${name}); docker network rm ${name}`;
}

/** Sandboxes of ours that no session will ever come back to: of this LABS_HOME when its folder is gone, or of another one that is. */
export const staleClustersProbe: Probe = {
  id: "stale-clusters",
  name: "stale clusters",
  async look(rt) {
    await engineVersion(rt);
    const found = await findSandboxes(rt, "all");
    const mine = found.filter((one) => one.mine).map(({ name }) => name);
    if (mine.length > 0 && (await isGone(rt.paths.home))) {
      return { level: "warn", found: `${mine.join(", ")}, but ${rt.paths.home} is gone`, cure: `${rt.program} down` };
    }
    const judged = await Promise.all(found.map(async (one) => ({ one, stale: await isStale(one) })));
    const stale = judged.filter((each) => each.stale).map(({ one }) => one);
    if (stale.length > 0) {
      const cures = new Set(stale.map((one) => cureOf(rt, one)));
      return { level: "warn", found: stale.map(namedSandbox).join(", "), cure: [...cures].join("; ") };
    }
    const theirs = found.filter((one) => !one.mine).map(namedSandbox);
    const used = [...(mine.length === 0 ? [] : [`${mine.join(", ")} in use`]), ...theirs];
    return { level: "ok", found: used.length === 0 ? "none" : `none (${used.join(", ")})` };
  },
};
