import { expect, test } from "vitest";
import { createJournal } from "../../src/experiments/journal.ts";
import { undoOpen } from "../../src/experiments/undo/undo.ts";
import type { OpenEntry, Session } from "../../src/session/session.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeDocker, fakeContainer } from "../fakes/docker.ts";
import { fakeDockerSandbox, fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeSession } from "../fakes/session.ts";
import { fakeDeployment } from "../fakes/workloads.ts";

function store(session = fakeSession()) {
  let current = session;
  return {
    now: () => current,
    update: async (change: (session: Session) => Session) => {
      current = change(current);
      return current;
    },
  };
}

const entry = (id: string, undo: string, params: OpenEntry["params"]): OpenEntry => ({
  id,
  undo,
  params,
  sentence: `${id} was undone`,
});

test("saves an entry before the change and takes it off after the undo", async () => {
  const { now, update } = store();
  const openWhileUndone: number[] = [];
  const journal = createJournal({ update, undo: async () => void openWhileUndone.push(now().open.length) });
  const close = await journal.open({ undo: "remove-object", params: {}, sentence: "it was removed" });
  expect(now().open).toMatchObject([{ undo: "remove-object", sentence: "it was removed" }]);
  await Promise.all([close(), close()]);
  expect(openWhileUndone).toEqual([1]);
  expect(now().open).toEqual([]);
});

test("keeps the entry when the undo fails, and can try again", async () => {
  const { now, update } = store();
  let attempts = 0;
  const undo = async (): Promise<void> => {
    attempts += 1;
    if (attempts === 1) throw new Error("engine is away");
  };
  const close = await createJournal({ update, undo }).open({ undo: "unpause", params: {}, sentence: "" });
  await expect(close()).rejects.toThrow("engine is away");
  expect(now().open).toHaveLength(1);
  await close();
  expect(now().open).toEqual([]);
});

test("undoes what a crashed run left open, newest first", async () => {
  const place = { apiVersion: "apps/v1", kind: "Deployment", name: "api", namespace: "shop" };
  const session = fakeSession({
    open: [
      entry("a", "scale-back", { ...place, replicas: 3 }),
      entry("b", "remove-object", { apiVersion: "v1", kind: "Pod", name: "api-clone", namespace: "shop" }),
    ],
  });
  const calls: unknown[] = [];
  const kube = fakeKube([fakeDeployment("api", 5)], {
    delete: async (ref) => calls.push(["delete", ref.kind, ref.name]) > 0,
    patch: async (ref, patch, type, subresource) => {
      calls.push(["patch", ref.name, patch, type, subresource]);
      return fakeDeployment("api", 3);
    },
  });
  const { now, update } = store(session);
  const sandbox = fakeKindSandbox({ kube });
  expect(await undoOpen(session, { rt: { program: "labs" }, sandbox, update })).toEqual([
    "b was undone",
    "a was undone",
  ]);
  expect(calls).toEqual([
    ["delete", "Pod", "api-clone"],
    ["patch", "api", { spec: { replicas: 3 } }, "merge", "scale"],
  ]);
  expect(now().open).toEqual([]);
});

test("leaves alone what is already as it was", async () => {
  const place = { apiVersion: "apps/v1", kind: "Deployment", name: "gone", namespace: "shop" };
  const session = fakeSession({ open: [entry("a", "scale-back", { ...place, replicas: 3 })] });
  const { update } = store(session);
  const sentences = await undoOpen(session, { rt: { program: "labs" }, sandbox: fakeKindSandbox(), update });
  expect(sentences).toEqual(["a was undone"]);
});

test("starts a stopped container again, but not one that runs", async () => {
  const started: string[] = [];
  const docker = fakeDocker([fakeContainer({ name: "x-api", status: "exited" }), fakeContainer({ name: "x-db" })], {
    start: async (name) => void started.push(name),
  });
  const session = fakeSession({
    open: [entry("a", "start-container", { name: "x-api" }), entry("b", "start-container", { name: "x-db" })],
  });
  const { update } = store(session);
  await undoOpen(session, { rt: { program: "labs" }, sandbox: fakeDockerSandbox({ docker }), update });
  expect(started).toEqual(["x-api"]);
});

test("tries all entries, keeps those that failed, and names the cure", async () => {
  const removed: string[] = [];
  const docker = fakeDocker([], { remove: async (name) => removed.push(name) > 0 });
  const session = fakeSession({
    open: [entry("a", "remove-container", { name: "x-clone" }), entry("b", "no-such-undo", {})],
  });
  const { now, update } = store(session);
  const undoing = undoOpen(session, { rt: { program: "labs" }, sandbox: fakeDockerSandbox({ docker }), update });
  await expect(undoing).rejects.toMatchObject({ exitCode: 3, cure: "labs reset" });
  expect(removed).toEqual(["x-clone"]);
  expect(now().open.map((one) => one.id)).toEqual(["b"]);
});
