import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { awaitOthers } from "../../src/flows/at-work.ts";
import { giveHint } from "../../src/flows/hint.ts";
import { resetLab } from "../../src/flows/reset.ts";
import { enterLab } from "../../src/flows/sandbox-env.ts";
import { readSolution } from "../../src/flows/solution.ts";
import { readStatus } from "../../src/flows/status.ts";
import { stopRunningLab } from "../../src/flows/stop.ts";
import { takeLock } from "../../src/lib/lock.ts";
import type { Runtime } from "../../src/runtime.ts";
import { readEvents } from "../../src/session/event-log.ts";
import { readSession, saveSession } from "../../src/session/store.ts";
import { type Progress, silentProgress } from "../../src/ui/progress.ts";
import { fakeDocker } from "../fakes/docker.ts";
import { fakeDockerSandbox } from "../fakes/sandbox.ts";
import { runtimeAtHome, stageProviders } from "../fakes/scene.ts";
import { fakeSession } from "../fakes/session.ts";

const name = "labs-abc123";
const id = "gomaxprocs-throttling";
const session = fakeSession({
  lab: { id, dir: join(import.meta.dirname, "../../labs", id), digest: "d1" },
  sandbox: { provider: "docker", name },
  variant: "parallel",
  values: { token: "t0ken", sandbox: name },
  open: [
    {
      id: "e1",
      undo: "remove-container",
      params: { name: "clone" },
      sentence: "the clone of container/api was removed",
    },
  ],
});

/** An engine that answers. */
const exec: Runtime["exec"] = async () => ({ exitCode: 0, stdout: "28.0.0", stderr: "" });

/** A lab with an experiment that was interrupted; `remove` is what the engine does with the container it left. */
async function interrupted(remove: (container: string) => Promise<boolean> = async () => true) {
  const removed: string[] = [];
  const told: string[] = [];
  const docker = fakeDocker([], {
    remove: async (container) => {
      removed.push(container);
      return remove(container);
    },
  });
  stageProviders({
    docker: {
      list: async () => [name],
      open: async () => fakeDockerSandbox({ docker }),
      park: async () => false,
    },
    scenario: () => ({ clear: () => Promise.reject(new Error("no further")) }),
  });
  const { rt } = await runtimeAtHome({ exec });
  await saveSession(rt, session);
  const progress: Progress = { ...silentProgress(rt), tell: (sentence) => void told.push(sentence) };
  return { rt, progress, removed, told };
}

const commands: readonly [string, (rt: Runtime, progress: Progress) => Promise<unknown>][] = [
  ["status", readStatus],
  ["hint", giveHint],
  ["solution", (rt, progress) => readSolution(rt, true, progress)],
  ["shell and env", enterLab],
  ["reset", (rt, progress) => resetLab(rt, {}, progress).catch(() => undefined)],
  ["stop", (rt, progress) => stopRunningLab(rt, progress).catch(() => undefined)],
];

describe("what an interrupted experiment left open", () => {
  it.each(commands)("is undone by %s first, which says so in one sentence", async (_name, run) => {
    const { rt, progress, removed, told } = await interrupted();
    await run(rt, progress);
    expect(removed[0]).toBe("clone");
    expect(told[0]).toBe(
      "An experiment was interrupted, and what it had left open is undone: the clone of container/api was removed.",
    );
    expect(told.filter((sentence) => sentence.includes("undone"))).toHaveLength(1);
    expect((await readSession(rt))?.open ?? []).toEqual([]);
    expect(await readEvents(rt, session)).toContainEqual(
      expect.objectContaining({ type: "undone", sentences: ["the clone of container/api was removed"] }),
    );
  });

  it("is left to the command that is at work on it", async () => {
    const { rt, progress, removed, told } = await interrupted();
    const taken = await takeLock(join(rt.paths.home, "lock"), { pid: process.ppid, what: "verify" });
    if ("owner" in taken) throw new Error("the lock is not free");
    await readStatus(rt, progress);
    expect([removed, told]).toEqual([[], []]);
    await taken.release();
  });

  it("stays for the next command when it cannot be undone now", async () => {
    const { rt, progress, told } = await interrupted(() => Promise.reject(new Error("no engine")));
    expect(await readStatus(rt, progress)).toMatchObject({ present: true });
    expect(told).toEqual([expect.stringMatching(/^What an interrupted experiment left open .* \(.*no engine\)\.$/)]);
    expect(await readSession(rt)).toMatchObject({ open: [{ id: "e1" }] });
  });
});

/** A wait for another command that is at this. */
async function atWork(what: string) {
  const told: string[] = [];
  const { rt } = await runtimeAtHome();
  const taken = await takeLock(join(rt.paths.home, "lock"), { pid: process.ppid, what });
  if ("owner" in taken) throw new Error("the lock is not free");
  const waiting = awaitOthers(rt, { tell: (sentence) => void told.push(sentence) });
  return { told, waiting, release: taken.release };
}

describe("a shell while another command is at work", () => {
  it("waits for a start, and says so once", async () => {
    const { told, waiting, release } = await atWork("start probes-storm");
    await expect.poll(() => told, { timeout: 20_000 }).toHaveLength(1);
    await release();
    await waiting;
    expect(told).toEqual([`Waiting until labs start probes-storm (process ${process.ppid}) has ended …`]);
  });

  it("goes on beside a verify, and says so", async () => {
    const { told, waiting, release } = await atWork("verify");
    await waiting;
    expect(told).toEqual([expect.stringContaining(`labs verify is at work (process ${process.ppid})`)]);
    await release();
  });

  it("goes on beside a hint without a word", async () => {
    const { told, waiting, release } = await atWork("hint");
    await waiting;
    expect(told).toEqual([]);
    await release();
  });
});
