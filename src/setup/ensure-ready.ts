import { join } from "node:path";
import { environmentError } from "../lib/errors.ts";
import { takeLock } from "../lib/lock.ts";
import { poll } from "../lib/poll.ts";
import type { Runtime } from "../runtime.ts";
import { runSteps } from "../ui/steps.ts";
import { missingBaseImages } from "./base-images/find.ts";
import { engineVersion } from "./engine.ts";
import { complete, findTools, type Needs, type Tools } from "./find-tools.ts";
import { engineInfo } from "./probes/engine-info.ts";
import { judgeRootless } from "./probes/rootless.ts";
import { setupSteps } from "./setup-steps.ts";
import { spoken } from "./progress.ts";

/** One set-up at a time: two would build the same image twice. Says whom it waits for. */
export async function withSetupLock<T>(rt: Runtime, work: () => Promise<T>): Promise<T> {
  const file = join(rt.paths.data, "setup.lock");
  let told = false;
  const taken = await poll(
    async () => {
      const lock = await takeLock(file, { pid: rt.host.pid, what: "labs setup" });
      if ("release" in lock) return { done: true, value: lock } as const;
      if (!told) rt.err.write(`Waiting for another set-up (process ${lock.owner.pid})\n`);
      told = true;
      return { done: false, seen: `process ${lock.owner.pid}` } as const;
    },
    { clock: rt.clock, signal: rt.signal, withinMs: 2 * 3600_000, everyMs: 1000 },
  );
  if (!taken.ok) throw environmentError(`another set-up did not end within ${spoken(2 * 3600_000)}: ${taken.seen}`);
  try {
    return await work();
  } finally {
    await taken.value.release();
  }
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
