import { join } from "node:path";
import { environmentError } from "../lib/errors.ts";
import { holdLock } from "../lib/hold-lock.ts";
import type { LockOwner } from "../lib/lock.ts";
import { span } from "../lib/text.ts";
import type { Runtime } from "../runtime.ts";
import { runSteps } from "../ui/steps.ts";
import { missingBaseImages } from "./base-images/find.ts";
import { engineVersion } from "./engine.ts";
import { complete, findTools, type Needs, type Tools } from "./find-tools.ts";
import { engineInfo } from "./probes/engine-info.ts";
import { judgeRootless } from "./probes/engine.ts";
import { setupSteps } from "./setup-steps.ts";

/** One set-up at a time: two would build the same image twice. Says whom it waits for, at most 2 hours. */
export async function withSetupLock<T>(rt: Runtime, work: () => Promise<T>): Promise<T> {
  const withinMs = 2 * 3600_000;
  let told = false;
  const seen = ({ pid }: LockOwner): string => {
    if (!told) rt.err.write(`Waiting for another set-up (process ${pid})\n`);
    told = true;
    return `process ${pid}`;
  };
  return holdLock(
    rt,
    join(rt.paths.data, "setup.lock"),
    { pid: rt.host.pid, what: "labs setup" },
    { withinMs, everyMs: 1000, seen, gaveUp: `another set-up did not end within ${span(withinMs)}:` },
    work,
  );
}

/** First step of whatever makes something: an engine that labs work with, or a LabsError with the cure. Returns its version. */
export async function requireEngine(rt: Runtime): Promise<string> {
  const info = await engineInfo(rt);
  const { level, found, cure } = judgeRootless(info);
  if (level === "missing") throw environmentError(found, cure === undefined ? {} : { cure });
  return info.version;
}

/** Runs the whole set-up list; what is there already is skipped. */
export async function runSetup(rt: Runtime, needs: Needs): Promise<Tools> {
  return withSetupLock(rt, async () => {
    const tools: Partial<Record<keyof Tools, string>> = {};
    await runSteps(rt, setupSteps(rt, needs, tools));
    const ready = complete(tools, needs);
    if (ready === undefined)
      throw environmentError("set-up ended without everything that is needed", { cure: `${rt.program} doctor` });
    return ready;
  });
}

/** Everything that labs need: looked up when it is there, set up when something is missing. */
export async function ensureReady(rt: Runtime, needs: Needs): Promise<Tools> {
  const [found, missing] = await Promise.all([
    findTools(rt),
    missingBaseImages(rt, needs.images ?? []),
    engineVersion(rt),
  ]);
  const ready = missing.length === 0 ? complete(found, needs) : undefined;
  return ready ?? runSetup(rt, needs);
}
