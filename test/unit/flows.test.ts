import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { verifyLab } from "../../src/flows/verify.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { readEvents } from "../../src/session/event-log.ts";
import type { EventBody } from "../../src/session/events.ts";
import { saveSession } from "../../src/session/store.ts";
import { notedProgress, silentProgress } from "../../src/ui/progress.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeLab } from "../fakes/lab.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { runtimeAtHome } from "../fakes/scene.ts";
import { fakeSession } from "../fakes/session.ts";
import { strict } from "../fakes/strict.ts";

it("flows print nothing by themselves", async () => {
  const folder = join(import.meta.dirname, "../../src/flows");
  for (const name of await readdir(folder)) {
    expect(await readFile(join(folder, name), "utf8"), name).not.toMatch(/\brt\.(out|err|ask)\b|console\.|process\./);
  }
});

it("a verify is in the session's journal as it was told, with its verdict last, and leaves no connection", async () => {
  const { rt } = await runtimeAtHome();
  const session = fakeSession({ reference: { provider: "kind", stage: [], base: [] } });
  await saveSession(rt, session);
  let closed = 0;
  const kube = fakeKube([], { close: async () => void (closed += 1) });
  const told: EventBody[] = [];
  const progress = notedProgress(
    rt,
    () => undefined,
    (event) => told.push(event),
  );
  const running = { session, sandbox: fakeKindSandbox({ kube }), scenario: strict<Scenario>("scenario", {}) };
  const { result } = await verifyLab(rt, progress, { ...running, lab: fakeLab() });
  expect(told.map(({ type }) => type)).toEqual(["verify-started", "check-ended", "check-ended", "verified"]);
  expect(told[0]).toMatchObject({ checks: [{ id: "stage-intact" }, { id: "instrumented" }] });
  expect(told.at(-1)).toMatchObject({ solved: result.solved, exitCode: result.exitCode });
  const written = await readEvents(rt, session);
  expect(written.map(({ type }) => type)).toEqual(told.map(({ type }) => type));
  expect(written.every(({ lab, program }) => lab === "probes-storm" && program === "1.2.3")).toBe(true);
  expect(closed).toBe(1);
});

it("a lab that was never handed over is not verified", async () => {
  const { rt } = await runtimeAtHome();
  const session = fakeSession({ phase: "starting" });
  const running = { session, sandbox: fakeKindSandbox(), scenario: strict<Scenario>("scenario", {}) };
  const progress = notedProgress(
    rt,
    () => undefined,
    () => undefined,
  );
  await expect(verifyLab(rt, progress, { ...running, lab: fakeLab() })).rejects.toMatchObject({
    exitCode: 3,
    message: "lab probes-storm was left while starting",
    cure: "labs stop, then labs start probes-storm",
  });
});

it("a verdict is there although it cannot be written down, with what kept it from that", async () => {
  const { rt } = await runtimeAtHome();
  const session = fakeSession({ reference: { provider: "kind", stage: [], base: [] } });
  await saveSession(rt, session);
  await mkdir(join(rt.paths.home, "sessions", session.id, "events.jsonl"), { recursive: true });
  const running = { session, sandbox: fakeKindSandbox(), scenario: strict<Scenario>("scenario", {}) };
  const { result, unrecorded } = await verifyLab(rt, silentProgress(rt), { ...running, lab: fakeLab() });
  expect(result.results).toHaveLength(2);
  expect(unrecorded).toMatchObject({ code: "EISDIR" });
});
