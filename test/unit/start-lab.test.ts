import { EventEmitter, once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fakeLab } from "../fakes/lab.ts";
import type { Runtime } from "../../src/runtime.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { type LabUnderWay, laySteps } from "../../src/flows/lay.ts";
import { startLab, startSteps, uninterrupted } from "../../src/flows/start.ts";
import { silentProgress } from "../../src/ui/progress.ts";
import { readEvents } from "../../src/session/event-log.ts";
import { endSession, readSession, saveSession } from "../../src/session/store.ts";
import { layWorkspace, workspaceDir } from "../../src/session/workspace.ts";
import { goAppDigest } from "../../src/setup/go-app-image.ts";
import { runSteps, type Step } from "../../src/ui/steps.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeDockerSandbox } from "../fakes/sandbox.ts";
import { runtimeAtHome, stageProviders } from "../fakes/scene.ts";
import { fakeSession } from "../fakes/session.ts";

const lab = fakeLab({ topology: { provider: "docker" } });
const starting = fakeSession({ phase: "starting", sandbox: { provider: "docker", name: "labs-abc123" } });

const nameFor = () => "labs-abc123";

const begun = (): LabUnderWay => ({ lab, session: starting, symptom: [] });

const answer = (stdout: string, exitCode = 0) => ({ exitCode, stdout, stderr: "" });

/** A machine where everything is set up, and a sandbox that notes what is done to it beside the phase that the state file has then. */
async function machine(
  fail?: keyof Scenario,
  settled: Promise<void> = Promise.resolve(),
  warm?: { readonly clean: boolean },
) {
  const did: string[] = [];
  const { rt: bare } = await runtimeAtHome();
  const { home } = bare.paths;
  const paths = { ...bare.paths, goApp: join(home, "go-app"), manifests: home, data: home };
  for (const folder of ["go-app", "node-image/overlay", "pulled-node"])
    await mkdir(join(home, folder), { recursive: true });
  const rt: Runtime = {
    ...bare,
    paths,
    exec: async (argv) => {
      if (argv[1] === "version") return answer("29.0.0");
      if (argv[1] === "info") return answer('{"NCPU":2,"MemTotal":8000000000}');
      return argv.includes("labs/go-app:v1") ? answer(await goAppDigest(rt)) : answer("", 1);
    },
  };
  const note = async (what: string): Promise<void> => {
    did.push(`${what}, ${(await readSession(rt))?.phase ?? "not saved"}`);
    if (what === fail) throw new Error(`${what} failed`);
  };
  const scenario: Partial<Scenario> = {
    takeStock: () => note("takeStock"),
    layStage: () => note("layStage"),
    layBase: () => note("layBase"),
    awaitHealthy: () => note("awaitHealthy"),
    reference: async () => {
      await note("reference");
      return { provider: "docker", stage: [], base: [] };
    },
    breakIt: () => note("breakIt"),
    remember: (session) => note(`remember ${session.phase}`),
  };
  let created = warm === undefined;
  const prepare = async () => {
    await note("prepare");
    return { sandbox: fakeDockerSandbox(), created, settled };
  };
  const clear = async () => {
    await note("clear");
    return { cleaned: [], clean: warm?.clean === true };
  };
  const remove = async () => {
    await note("remove");
    return (created = true);
  };
  stageProviders({ docker: { nameFor, prepare, remove }, scenario: () => ({ ...scenario, clear }) });
  return { rt, did };
}

test("a start saves the session before anything is made, and breaks only what was healthy", async () => {
  const { rt, did } = await machine();
  const underWay = begun();
  expect(await readSession(rt)).toBeUndefined();
  await runSteps(rt, startSteps(rt, underWay, { symptom: true }, silentProgress(rt)));
  expect(did).toEqual([
    "prepare, starting",
    "takeStock, starting",
    "remember starting, starting",
    "layStage, starting",
    "layBase, starting",
    "awaitHealthy, starting",
    "reference, starting",
    "breakIt, starting",
    "remember running, running",
  ]);
  expect(await readSession(rt)).toEqual(underWay.session);
  expect(underWay.session).toMatchObject({
    phase: "running",
    reference: { provider: "docker" },
    faultAt: "2026-01-01T00:00:00.000Z",
  });
  expect(await readEvents(rt, starting)).toMatchObject([
    ...[
      "Prepare a network",
      "Lay down the healthy system",
      "Wait until it is healthy",
      "Let the incident happen",
    ].flatMap((step) => ["begun", "ended"].map((state) => ({ type: "step", flow: "start", step, state }))),
    { type: "step", step: "Wait for the symptom", state: "begun" },
    { type: "step", step: "Wait for the symptom", state: "ended" },
    { type: "step", step: "Hand over", state: "begun" },
    { type: "started", lab: "probes-storm", variant: "main" },
    { type: "step", step: "Hand over", state: "ended" },
  ]);
});

test.each([
  [true, ["prepare", "clear", "takeStock"]],
  [false, ["prepare", "clear", "remove", "prepare", "takeStock"]],
])("a warm sandbox is compared with what it was before any lab; clean: %s", async (clean, steps) => {
  const { rt, did } = await machine(undefined, undefined, { clean });
  await runSteps(rt, startSteps(rt, begun(), { symptom: false }, silentProgress(rt)));
  expect(did.slice(0, steps.length)).toEqual(steps.map((step) => `${step}, starting`));
  expect(did[steps.length]).toBe("remember starting, starting");
});

test("a warm sandbox that cannot be compared is replaced as well", async () => {
  const { rt, did } = await machine("clear", undefined, { clean: true });
  await runSteps(rt, startSteps(rt, begun(), { symptom: false }, silentProgress(rt)));
  expect(did.slice(0, 4)).toEqual(["prepare", "clear", "remove", "prepare"].map((step) => `${step}, starting`));
});

test.each<[keyof Scenario, string]>([
  ["takeStock", "takeStock, starting"],
  ["layBase", "layBase, starting"],
  ["awaitHealthy", "awaitHealthy, starting"],
])("a start that fails in %s stops there, with a session for stop to find", async (fail, last) => {
  const { rt, did } = await machine(fail);
  const underWay = begun();
  await expect(runSteps(rt, startSteps(rt, underWay, { symptom: true }, silentProgress(rt)))).rejects.toThrow(
    `${fail} failed`,
  );
  expect(did.at(-1)).toBe(last);
  expect(await readSession(rt)).toMatchObject({ id: "s1", phase: "starting" });
});

test("a lab is laid down while the rest of a new sandbox comes up, and broken only after that", async () => {
  const rest = new EventEmitter();
  const { rt, did } = await machine(
    undefined,
    once(rest, "up").then(() => undefined),
  );
  const run = runSteps(rt, startSteps(rt, begun(), { symptom: true }, silentProgress(rt)));
  await expect.poll(() => did.at(-1)).toBe("awaitHealthy, starting");
  rest.emit("up");
  await run;
  expect(did).toContain("breakIt, starting");
});

test("a start fails when the rest of a new sandbox does not come up", async () => {
  const failure = Promise.reject(new Error("no agent"));
  failure.catch(() => undefined);
  const { rt, did } = await machine(undefined, failure);
  const steps = startSteps(rt, begun(), { symptom: true }, silentProgress(rt));
  await expect(runSteps(rt, steps)).rejects.toThrow("no agent");
  expect(did).not.toContain("breakIt, starting");
});

test("files of a lab whose session was lost are put aside before another lab's are laid", async () => {
  const { rt } = await machine();
  await layWorkspace(rt, new Map([["Dockerfile", Buffer.from("FROM mine")]]));
  const told: string[] = [];
  const progress = { ...silentProgress(rt), tell: (sentence: string) => void told.push(sentence) };
  await runSteps(rt, startSteps(rt, begun(), { symptom: true }, progress));
  expect(await readFile(join(`${workspaceDir(rt)}.kept`, "Dockerfile"), "utf8")).toBe("FROM mine");
  expect(told).toEqual([`What you wrote is kept in ${workspaceDir(rt)}.kept.`]);
});

test("the wait for the symptom is left out only when it is not asked for", async () => {
  const { rt } = await machine();
  const waits = async (symptom: boolean): Promise<unknown> => {
    const steps = laySteps(rt, begun(), { symptom });
    const wait = steps.find(({ title }: Step) => title === "Wait for the symptom");
    return wait?.skip?.();
  };
  expect(await waits(true)).toBe(false);
  expect(await waits(false)).toBe("not asked for");
});

test("nothing is laid down before the sandbox is open", async () => {
  const { rt, did } = await machine();
  const [first] = laySteps(rt, begun(), { symptom: true });
  await expect(first?.run({ note: () => undefined })).rejects.toThrow("not open");
  expect(did).toEqual([]);
});

test("a start that fails before it has made anything says so, and speaks of no undoing", async () => {
  const { rt, did } = await machine();
  const told: string[] = [];
  const progress = { ...silentProgress(rt), tell: (sentence: string) => void told.push(sentence) };
  await saveSession(rt, starting);
  await endSession(rt);
  const asked = { ...rt, env: { ...rt.env, LABS_SUBNET: "nonsense" } };
  await expect(startLab(asked, lab, {}, progress)).rejects.toThrow("LABS_SUBNET");
  expect(told).toEqual([]);
  expect(did).toEqual([]);
});

test("undoing is not cut short by Ctrl-C, in programs neither", async () => {
  const signals: boolean[] = [];
  const rt = fakeRuntime({
    signal: AbortSignal.abort(),
    exec: async (_argv, options) => {
      signals.push(options?.signal?.aborted ?? true);
      return { exitCode: 0, stdout: "", stderr: "" };
    },
  });
  const calm = uninterrupted(rt);
  await calm.exec(["docker", "rm"]);
  expect([calm.signal.aborted, ...signals]).toEqual([false, false]);
});
