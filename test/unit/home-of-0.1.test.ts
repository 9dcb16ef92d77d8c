import { cp } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findSession } from "../../src/flows/find-session.ts";
import { loadBaseline } from "../../src/sandbox/baseline/store.ts";
import { isClusterName } from "../../src/sandbox/kind/cluster-name.ts";
import { readEvents } from "../../src/session/event-log.ts";
import { historyOf } from "../../src/session/history.ts";
import { ensureOwnHome } from "../../src/session/own-home.ts";
import { holdsObjects } from "../../src/session/session.ts";
import { readState, updateSession } from "../../src/session/store.ts";
import { silentProgress } from "../../src/ui/progress.ts";
import { fakeKube } from "../fakes/kube.ts";
import { runtimeAtHome } from "../fakes/scene.ts";

/** Homes as version 0.1 left them: names and keys made neutral, long lists cut short. */
const homes = join(import.meta.dirname, "..", "fixtures", "home-0.1");

async function homeOf01(which: "cluster" | "docker" | "parked") {
  const { rt } = await runtimeAtHome();
  await cp(join(homes, which), rt.paths.home, { recursive: true });
  // What every command does first: a home without a mark is taken over.
  await ensureOwnHome(rt);
  return rt;
}

test("a running lab in a cluster is known, with its reference, its events and its baseline", async () => {
  const rt = await homeOf01("cluster");
  const session = await findSession(rt, silentProgress(rt));
  expect(session).toMatchObject({ lab: { id: "service-no-endpoints" }, phase: "running", open: [] });
  expect(session).not.toHaveProperty("hintsShown");
  const { reference, sandbox } = session ?? {};
  expect(reference !== undefined && holdsObjects(reference)).toBe(true);
  expect([reference?.stage.length, reference?.base.length]).toEqual([1, 1]);
  const name = sandbox?.name ?? "";
  expect(isClusterName(name)).toBe(true);
  const events = await readEvents(rt, { id: session?.id ?? "" });
  expect(events.map(({ type, program, lab }) => [type, program, lab])).toEqual([
    ["started", "0.1", "service-no-endpoints"],
  ]);
  // The cluster itself is not asked for it.
  const baseline = await loadBaseline(rt, { name, kube: fakeKube() });
  expect(baseline?.namespaces).toContain("labs-system");
  expect(baseline?.entries.map(({ kind }) => kind)).toContain("ClusterRoleBinding");
});

test("a running Docker lab is known, with its reference, the hints that were shown and what failed", async () => {
  const rt = await homeOf01("docker");
  const session = await findSession(rt, silentProgress(rt));
  expect(session).toMatchObject({ lab: { id: "gomaxprocs-throttling" }, sandbox: { name: "labs-abc123" } });
  expect(session?.reference?.base).toMatchObject([{ name: "labs-abc123-api", nanoCpus: 1e9 }]);
  const history = historyOf(await readEvents(rt, { id: session?.id ?? "" }));
  expect(history).toMatchObject({ hintsShown: 1, failing: ["unthrottled"], solved: false, gaveUp: false });
});

test("a home whose lab was stopped says so, and no sandbox is asked", async () => {
  const rt = await homeOf01("parked");
  expect(await readState(rt)).toEqual({ idle: true, damaged: false });
});

test("the session of 0.1 can be changed, and stays readable", async () => {
  const rt = await homeOf01("cluster");
  await updateSession(rt, (session) => ({ ...session, phase: "stopping" }));
  expect(await readState(rt)).toMatchObject({ damaged: false, session: { phase: "stopping" } });
});
