import { expect, test } from "vitest";
import { configChange } from "../../src/experiments/actions/config-change.ts";
import { createJournal } from "../../src/experiments/journal.ts";
import { undoEntry } from "../../src/experiments/undo/undo.ts";
import { KubeError } from "../../src/kube/kube-error.ts";
import type { Kube, KubeObject } from "../../src/kube/kube.ts";
import type { Session } from "../../src/session/session.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeAgent, fakeAnswer } from "../fakes/agent.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeSession } from "../fakes/session.ts";
import { fakeDeployment, fakePod } from "../fakes/workloads.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

interface Scene {
  /** What a pod shows at /config; by default what the objects hold. */
  readonly settings?: (data: Map<string, Record<string, string>>) => Record<string, string>;
  readonly refuse?: boolean;
  readonly objects?: Readonly<Record<string, Record<string, string>>>;
}

/** A Deployment whose one pod is replaced at each patch of its template, 3 s later, and reads what the objects hold then. */
function scene({ settings, refuse = false, objects }: Scene = {}) {
  const rt = fakeRuntime();
  const data = new Map(
    Object.entries(objects ?? { "ConfigMap/web": { URL: "old" }, "Secret/account": { addr: base64("old-too") } }),
  );
  const log: string[] = [];
  let rolledAt = -Infinity;
  let rolls = 0;
  const read =
    settings ??
    ((all) => ({
      URL: all.get("ConfigMap/web")?.["URL"] ?? "",
      ADDR: atob(all.get("Secret/account")?.["addr"] ?? ""),
    }));
  let shown = read(data);
  let next = shown;
  const there = () => {
    const done = rt.clock.now() >= rolledAt + 3000;
    if (done) shown = next;
    return [fakeDeployment("web", 1), fakePod(`web-${done ? rolls : rolls - 1}`, { app: "web" })];
  };
  const holders = (): KubeObject[] =>
    [...data].map(([key, entries]) => {
      const [kind = "", name = ""] = key.split("/");
      return { apiVersion: "v1", kind, metadata: { name, namespace: "shop" }, data: entries };
    });
  const now = () => fakeKube([...there(), ...holders()]);
  const patch: Kube["patch"] = async (ref, change) => {
    const text = JSON.stringify(change);
    log.push(`${ref.kind} ${text}`);
    if (ref.kind === "Deployment") {
      next = read(data);
      rolls += 1;
      rolledAt = rt.clock.now();
      return fakeDeployment("web", 1);
    }
    if (refuse) throw new KubeError("field is immutable when `immutable` is set", { status: 422 });
    const key = `${ref.kind}/${ref.name}`;
    const { data: entries }: { data: Record<string, string> } = JSON.parse(text);
    data.set(key, { ...data.get(key), ...entries });
    return fakeDeployment("web", 1);
  };
  const kube = fakeKube([], { get: (ref) => now().get(ref), list: (query) => now().list(query), patch });
  const agent = fakeAgent({
    request: async ({ url }) => {
      expect(url).toBe("http://10.244.0.9:8080/config");
      const values = Object.entries(shown).map(([key, value]) => [
        key,
        { value, source: value === "" ? "default" : "env" },
      ]);
      return fakeAnswer({ body: JSON.stringify(Object.fromEntries(values)) });
    },
  });
  const sandbox = fakeKindSandbox({ kube, agent });
  let session = fakeSession();
  const update = async (change: (before: Session) => Session) => {
    session = change(session);
  };
  const journal = createJournal({ update, undo: (entry) => undoEntry(entry, sandbox) });
  return { data, log, open: () => session.open, context: fakeActionContext({ rt, sandbox, journal }) };
}

const params = configChange.params.parse({
  workload: "deployment/web",
  changes: [
    { configmap: "web", setting: "URL", value: "new-*" },
    { secret: "account", setting: "ADDR" },
  ],
  within: "20s",
});

test("changes what the objects hold, sees it in the pods after a roll, and puts it back", async () => {
  const { data, log, open, context } = scene();
  expect(await configChange.run?.(params, context)).toEqual({
    finished: true,
    detail: "each pod of deployment/web used another URL, ADDR after a roll",
    targets: ["web-1"],
  });
  expect(log.map((line) => line.replaceAll(/[0-9a-f]{12}/g, "WORD").replaceAll(/[\w+/]{16}"/g, 'BASE64"'))).toEqual([
    'ConfigMap {"data":{"URL":"new-WORD"}}',
    'Secret {"data":{"addr":"BASE64"}}',
    expect.stringContaining("dev.labs/config-changed"),
    'ConfigMap {"data":{"URL":"old"}}',
    `Secret {"data":{"addr":"${base64("old-too")}"}}`,
    'Deployment {"spec":{"template":{"metadata":{"annotations":{"dev.labs/config-changed":null}}}}}',
  ]);
  expect(data.get("ConfigMap/web")).toEqual({ URL: "old" });
  expect(open()).toEqual([]);
});

test("is not finished when a pod takes the value from elsewhere", async () => {
  const { data, context } = scene({
    settings: (all) => ({ URL: "old", ADDR: atob(all.get("Secret/account")?.["addr"] ?? "") }),
  });
  expect(await configChange.run?.(params, context)).toMatchObject({
    finished: false,
    detail: "web-1 does not use the new URL of configmap/web",
  });
  expect(data.get("ConfigMap/web")).toEqual({ URL: "old" });
});

test.each([
  ["the setting is not set", { settings: () => ({ URL: "", ADDR: "x" }) }, "the service runs without URL"],
  ["nothing is known of it", { settings: () => ({}) }, "the service runs without URL"],
  [
    "another value is in use",
    { settings: () => ({ URL: "mine", ADDR: "x" }) },
    "configmap/web has no entry with the value that the service uses as URL",
  ],
  [
    "there is no such object",
    { objects: { "ConfigMap/web": { URL: "old" } }, settings: () => ({ URL: "old", ADDR: "x" }) },
    "secret/account does not exist",
  ],
])("changes nothing when %s", async (_when, given: Scene, detail) => {
  const { log, context } = scene(given);
  expect(await configChange.run?.(params, context)).toEqual({ finished: false, detail });
  expect(log).toEqual([]);
});

test("is not finished when the API server refuses the change", async () => {
  const { log, open, context } = scene({ refuse: true });
  expect(await configChange.run?.(params, context)).toEqual({
    finished: false,
    detail: "configmap/web cannot be changed: field is immutable when `immutable` is set",
  });
  expect(log).toHaveLength(1);
  // The experiment undoes it at its end.
  expect(open()).toMatchObject([{ undo: "config-back" }]);
});

test("leaves alone what somebody else has changed since, and what is gone", async () => {
  const place = { apiVersion: "v1", kind: "ConfigMap", name: "web", namespace: "shop" };
  const gone = { apiVersion: "apps/v1", kind: "Deployment", name: "gone", namespace: "shop" };
  const kube = fakeKube([
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "web", namespace: "shop" }, data: { URL: "theirs" } },
  ]);
  const entry = {
    id: "1",
    undo: "config-back",
    sentence: "",
    params: { workload: gone, changes: [{ ...place, keys: ["URL"], from: "old", to: "ours" }] },
  };
  await undoEntry(entry, fakeKindSandbox({ kube }));
});
