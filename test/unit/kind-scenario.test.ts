import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/kube/kube.ts";
import type { FaultEntry } from "../../src/lab/lab.ts";
import { applyObjects } from "../../src/scenario/kind/apply-objects.ts";
import { breakKind } from "../../src/scenario/kind/break-kind.ts";
import { kindScenario } from "../../src/scenario/kind/kind-scenario.ts";
import { isOwn, markOwn, ownNamespace } from "../../src/scenario/kind/own-objects.ts";
import { pinStage } from "../../src/scenario/kind/pin-stage.ts";
import { readSessionSecret, removeSessionSecret, writeSessionSecret } from "../../src/scenario/kind/session-secret.ts";
import { awaitObjects, awaitWorkloads, workloadProblem } from "../../src/scenario/kind/workload-health.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeDeployment } from "../fakes/objects.ts";
import { fakeLab } from "../fakes/lab.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { runtimeAtHome } from "../fakes/scene.ts";
import { fakeSession } from "../fakes/session.ts";
import { object, writableKube } from "../fakes/writable-kube.ts";

const control = "node-role.kubernetes.io/control-plane";

describe("objects are applied", () => {
  it("those first that others refer to, workloads last", async () => {
    const { kube, log } = writableKube();
    const kinds = ["Pod", "Deployment", "Service", "Secret", "ConfigMap", "Role", "ServiceAccount", "Namespace"];
    await applyObjects(
      kube,
      kinds.map((kind) => object(kind, "x")),
    );
    const order = ["Namespace", "ServiceAccount", "ConfigMap", "Secret", "Service", "Role", "Pod", "Deployment"];
    expect(log).toEqual(order.map((kind) => `apply ${kind}/x`));
  });

  it("with no word lost when one is refused", async () => {
    const { kube, log } = writableKube([], {
      apply: () => Promise.reject(new Error("configmap/x refused")),
    });
    const both = [object("Deployment", "y"), object("ConfigMap", "x")];
    await expect(applyObjects(kube, both)).rejects.toThrow("configmap/x refused");
    expect(log).toEqual([]);
  });
});

describe("a stage object", () => {
  const toleration = { key: control, operator: "Exists", effect: "NoSchedule" };
  const pinned = { nodeSelector: { [control]: "" }, tolerations: [toleration] };

  it.each([
    ["Pod", { spec: {} }, { spec: pinned }],
    ["Deployment", { spec: { template: { spec: {} } } }, { spec: { template: { spec: pinned } } }],
    [
      "CronJob",
      { spec: { jobTemplate: { spec: { template: { spec: {} } } } } },
      { spec: { jobTemplate: { spec: { template: { spec: pinned } } } } },
    ],
  ])("that is a %s runs on the control plane", (kind, given, expected) => {
    const before = { ...object(kind, "ledger"), ...given };
    const copy = structuredClone(before);
    expect(pinStage(before)).toEqual({ ...copy, ...expected });
    expect(before).toEqual(copy);
  });

  it("keeps what it asks for itself, and is left alone without pods", () => {
    const spec = { nodeSelector: { disk: "ssd" }, tolerations: [{ key: "own" }] };
    expect(pinStage({ ...object("Pod", "x"), spec })["spec"]).toEqual({
      nodeSelector: { disk: "ssd", [control]: "" },
      tolerations: [{ key: "own" }, toleration],
    });
    const service = { ...object("Service", "x"), spec: { ports: [] } };
    expect(pinStage(service)).toEqual(service);
  });
});

it("a fault is carried out entry by entry, in the lab's namespace unless it names another", async () => {
  const { kube, log } = writableKube([fakeDeployment(), object("ConfigMap", "old"), object("Service", "api", "other")]);
  const fault: FaultEntry[] = [
    { do: "delete", kind: "ConfigMap", name: "old" },
    { do: "apply", objects: [object("ConfigMap", "new")] },
    { do: "patch", kind: "Service", name: "api", namespace: "other", patch: { spec: { selector: { a: "b" } } } },
    { do: "restart", workload: "deployment/payments" },
    { do: "restart", workload: "deployment/payments", settled: true },
  ];
  const rolledOut = async ({ kind, metadata }: KubeObject): Promise<void> => {
    log.push(`wait for ${kind}/${metadata.name}`);
  };
  const breaking = { now: "2026-01-01T00:00:00.000Z", rolledOut };
  await breakKind(kube, fault, "shop", breaking);
  const annotations = { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00.000Z" };
  const restart = `patch Deployment/payments in shop merge ${JSON.stringify({ spec: { template: { metadata: { annotations } } } })}`;
  expect(log).toEqual([
    "delete ConfigMap/old in shop",
    "apply ConfigMap/new",
    `patch Service/api in other merge ${JSON.stringify({ spec: { selector: { a: "b" } } })}`,
    restart,
    "wait for Deployment/payments",
    restart,
  ]);
  const recreate: FaultEntry = { do: "recreate", container: { name: "api" } };
  await expect(breakKind(kube, [recreate], "shop", breaking)).rejects.toMatchObject({ exitCode: 3 });
});

const daemon = (status: object) => ({
  ...fakeDeployment({ status: { observedGeneration: 2, ...status } }),
  kind: "DaemonSet",
});

describe("a workload", () => {
  it.each([
    ["healthy", fakeDeployment(), undefined],
    ["half ready", fakeDeployment({ status: { readyReplicas: 1 } }), "1 of 2 pods ready"],
    ["not observed", fakeDeployment({ status: { observedGeneration: 1 } }), "not yet observed by its controller"],
    ["rolling", fakeDeployment({ status: { updatedReplicas: 1 } }), "old pods are still there"],
    ["with a pod too many", fakeDeployment({ status: { replicas: 3 } }), "old pods are still there"],
    [
      "scaled to nothing",
      fakeDeployment({ spec: { replicas: 0 }, status: { replicas: 0, readyReplicas: 0 } }),
      undefined,
    ],
    [
      "on every node",
      daemon({ desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberReady: 3, numberAvailable: 3 }),
      undefined,
    ],
    ["on some nodes", daemon({ desiredNumberScheduled: 3, numberReady: 2 }), "2 of 3 pods ready"],
  ])("that is %s", (_how, live, problem) => {
    expect(workloadProblem(live)).toBe(problem);
  });

  it("is waited for, and named with its problem when it does not come", async () => {
    const rt = fakeRuntime();
    const notes: string[] = [];
    const options = { withinMs: 3000, note: (text: string) => notes.push(text) };
    await awaitWorkloads(rt, fakeKube([fakeDeployment()]), [fakeDeployment(), object("Service", "x")], options);
    expect(notes).toEqual([]);
    const kube = fakeKube([fakeDeployment({ status: { readyReplicas: 0 } })]);
    const wanted = [fakeDeployment(), fakeDeployment({ name: "ledger" })];
    const seen = "deployment/payments: 0 of 2 pods ready; deployment/ledger: not there";
    await expect(awaitWorkloads(rt, kube, wanted, options)).rejects.toMatchObject({
      exitCode: 3,
      message: `the healthy system did not come up within 3 s: ${seen}`,
    });
    expect(notes[0]).toBe(seen);
  });
});

describe("what was laid down", () => {
  const whole = fakeDeployment();
  const service = object("Service", "payments");
  const config = object("ConfigMap", "settings");

  it("is left alone when all of it is there", async () => {
    const { kube, log } = writableKube([whole, service, config]);
    await awaitObjects(fakeRuntime(), kube, [whole, service, config], { withinMs: 3000, note: () => undefined });
    expect(log).toEqual([]);
  });

  it("is laid down again where it has gone", async () => {
    const { kube, log } = writableKube([config]);
    const notes: string[] = [];
    const options = { withinMs: 3000, note: (text: string) => notes.push(text) };
    await awaitObjects(fakeRuntime(), kube, [config, service, whole], options);
    expect(log).toEqual(["apply Deployment/payments", "apply Service/payments"]);
    expect(notes).toEqual(["deployment/payments: not there", "service/payments has gone, and is made again"]);
  });
});

describe("the session in the cluster", () => {
  it("is written, written over, read and removed", async () => {
    const { kube, objects } = writableKube();
    expect(await readSessionSecret(kube)).toBeUndefined();
    await writeSessionSecret(kube, fakeSession());
    await writeSessionSecret(kube, fakeSession({ faultAt: "now" }));
    expect(objects).toMatchObject([{ kind: "Secret", metadata: { name: "session", namespace: "labs-system" } }]);
    expect(await readSessionSecret(kube)).toEqual(fakeSession({ faultAt: "now" }));
    await removeSessionSecret(kube);
    expect(await readSessionSecret(kube)).toBeUndefined();
  });

  it("is none when it cannot be read", async () => {
    const damaged = { ...object("Secret", "session", "labs-system"), data: { session: "bm90IGd6aXA=" } };
    expect(await readSessionSecret(fakeKube([damaged]))).toBeUndefined();
  });
});

function markBrought(given: KubeObject): KubeObject {
  return markOwn(given, ["shop"]);
}

describe("what a lab brings", () => {
  it("is told apart where it does not go with a namespace of the lab", () => {
    expect(markBrought(object("ClusterRole", "x")).metadata.labels).toEqual({ "dev.labs/part": "lab" });
    expect(markBrought(object("Role", "x", "kube-system")).metadata.labels).toEqual({ "dev.labs/part": "lab" });
    expect(markBrought(object("Role", "x")).metadata.labels).toBeUndefined();
    expect(markBrought(object("Namespace", "x")).metadata.labels).toBeUndefined();
  });

  it("keeps its own labels, and is recognised by ours", () => {
    const given = object("ClusterRole", "x");
    given.metadata.labels = { team: "release" };
    const marked = markBrought(given);
    expect(marked.metadata.labels).toEqual({ team: "release", "dev.labs/part": "lab" });
    expect([isOwn(marked.metadata), isOwn(given.metadata), isOwn({})]).toEqual([true, false, false]);
    expect(isOwn(ownNamespace("shop").metadata)).toBe(true);
  });
});

describe("clearing", () => {
  it("is not clean without stock of what was there before", async () => {
    const { rt } = await runtimeAtHome();
    const { kube, log } = writableKube([object("Namespace", "shop")]);
    const scenario = kindScenario(rt, fakeKindSandbox({ kube }));
    expect(await scenario.clear(() => undefined)).toEqual({ cleaned: [], clean: false });
    expect(log).toEqual([]);
  });

  it("takes away a node that a killed experiment let join, with its pods, and does not tell of it", async () => {
    const { rt } = await runtimeAtHome();
    const worker = { ...object("Node", "worker"), metadata: { name: "worker" }, spec: { taints: [{ key: "mine" }] } };
    const { kube, log, objects } = writableKube([object("Namespace", "default"), worker]);
    const scenario = kindScenario(rt, fakeKindSandbox({ kube }));
    await scenario.takeStock();
    objects.push(
      { ...worker, metadata: { name: "new" }, spec: { taints: [{ key: "dev.labs/new-node" }] } },
      { ...object("Pod", "new", "kube-system"), spec: { containers: [] } },
      { ...object("Pod", "proxy", "kube-system"), spec: { containers: [], nodeName: "new" } },
    );
    log.splice(0);
    expect(await scenario.clear(() => undefined)).toEqual({ cleaned: [], clean: true });
    expect(log.slice(0, 3)).toEqual([
      "delete Node/new",
      "delete Pod/new in kube-system",
      "delete Pod/proxy in kube-system",
    ]);
    expect(objects.filter(({ kind }) => kind !== "Secret")).toEqual([object("Namespace", "default"), worker]);
  });

  it("takes away what came since, and tells only of what the lab did not make", async () => {
    const { rt } = await runtimeAtHome();
    const { kube, objects } = writableKube([object("Namespace", "default")], {
      request: async (method, path) => {
        expect(`${method} ${path}`).toMatch(/^DELETE \/api\/v1\/namespaces\/(shop|mine)\/pods$/);
        return { status: 200, text: "", body: {} };
      },
    });
    const scenario = kindScenario(rt, fakeKindSandbox({ kube }));
    await scenario.takeStock();
    const lab = object("Namespace", "shop");
    objects.push({ ...lab, metadata: { name: "shop", labels: { "dev.labs/part": "lab" } } });
    objects.push(object("Namespace", "mine"), object("ClusterRole", "extra"));
    const planted: FaultEntry = { do: "apply", objects: [object("ClusterRole", "planted")] };
    const filled = {
      lab: fakeLab({ base: [object("ClusterRole", "brought")] }),
      variant: { id: "main", fault: [planted], fails: [] },
    };
    await scenario.layBase(filled);
    await scenario.breakIt(filled);
    await scenario.remember(fakeSession());
    expect(await scenario.clear(() => undefined)).toEqual({
      cleaned: ["namespace mine removed", "clusterrole/extra removed"],
      clean: true,
    });
    expect(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      "Namespace/default",
      "Secret/baseline",
    ]);
  });
});
