import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CheckContext } from "../../src/checks/check.ts";
import { runCheckType } from "../../src/checks/look.ts";
import { placement } from "../../src/checks/types/placement.ts";
import { preserve } from "../../src/checks/types/preserve.ts";
import { createJournal } from "../../src/experiments/journal.ts";
import { runExperiment } from "../../src/experiments/run.ts";
import { undoEntry } from "../../src/experiments/undo/undo.ts";
import { goAppImage } from "../../src/images/versions.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import type { Topology } from "../../src/lab/topology.ts";
import { kindProvider } from "../../src/sandbox/kind/provider.ts";
import { type KindSandbox, controlPlaneLabel } from "../../src/sandbox/sandbox.ts";
import { kindScenario } from "../../src/scenario/kind/kind-scenario.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import type { Session } from "../../src/session/session.ts";
import { fakeExperiment, fakeLab } from "../fakes/lab.ts";
import { fakeSession } from "../fakes/session.ts";
import { describeKind, testRuntime, upCluster } from "./kind-cluster.ts";

const rt = testRuntime();
const topology: Topology = { provider: "kind", workers: 1, fresh: false };
const namespace = "shop";
const note = () => undefined;
const evaluate = () => Promise.reject(new Error("no nested checks"));

function deployment(app: string, wishes: Record<string, unknown>): KubeObject {
  const labels = { app };
  const containers = [{ name: app, image: goAppImage, imagePullPolicy: "Never", args: ["serve"] }];
  const template = { metadata: { labels }, spec: { containers, ...wishes } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: app, namespace },
    spec: { replicas: 1, selector: { matchLabels: labels }, template },
  };
}

const taint = { key: "dedicated", value: "shop", effect: "NoSchedule" };
const toleration = { key: "dedicated", operator: "Exists" };
/** Asks for nodes that are none of today's others. */
const elsewhere = {
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: controlPlaneLabel, operator: "DoesNotExist" }] }],
  },
};
const lab = fakeLab({
  topology,
  nodes: [{ worker: 1, labels: { env: "prod" }, taints: [taint] }],
  base: [
    deployment("orders", { nodeSelector: { env: "prod" }, tolerations: [toleration] }),
    deployment("loose", { tolerations: [toleration] }),
    deployment("shy", { affinity: { nodeAffinity: elsewhere }, tolerations: [toleration] }),
    deployment("greedy", { nodeSelector: { env: "prod" }, tolerations: [{ operator: "Exists" }] }),
  ],
});
const filled = { lab, variant: { id: "main", fault: [], fails: [] } };

describeKind("nodes of a lab", () => {
  let sandbox: KindSandbox;
  let scenario: Scenario;
  let session: Session = fakeSession();

  function context(): Omit<CheckContext, "record"> {
    return { rt, lab, session, sandbox, namespace, evaluate };
  }

  beforeAll(async () => {
    const made = await upCluster(rt, topology);
    sandbox = made.sandbox;
    scenario = kindScenario(rt, sandbox);
    await scenario.takeStock();
    await scenario.layStage(filled);
    await scenario.layBase(filled);
    await scenario.awaitHealthy(filled, note);
    session = fakeSession({ reference: await scenario.reference(filled) });
  });

  afterAll(async () => {
    await kindProvider.remove(rt, kindProvider.nameFor(rt, topology));
    await rm(rt.paths.home, { recursive: true, force: true });
  });

  const kept = async (): Promise<string> =>
    (await runCheckType(preserve, { type: "preserve", keep: ["nodes"] }, context())).outcome;

  it("copies go where they ask to go, and nowhere when that is closed", async () => {
    const update = async (change: (before: Session) => Session): Promise<void> => {
      session = change(session);
    };
    const journal = createJournal({ update, undo: (entry) => undoEntry(entry, sandbox) });
    const cordoned = { env: "prod" };
    const places = [
      { name: "open", of: "deployment/orders" },
      { name: "closed", of: "deployment/orders", cordoned, ignoreTaints: true },
      { name: "loose", of: "deployment/loose", cordoned, ignoreTaints: true },
      { name: "greedy", of: "deployment/greedy", cordoned },
      { name: "shy", of: "deployment/shy", cordoned, ignoreTaints: true },
      { name: "joined", of: "deployment/shy", cordoned, ignoreTaints: true, newNode: true },
      { name: "unasked", of: "deployment/orders", cordoned, ignoreTaints: true, newNode: true },
    ];
    const experiment = fakeExperiment("e", [], { do: places.map((params) => ({ name: "place", params })) });
    const record = await runExperiment(experiment, { ...context(), journal, progress: note });
    expect(record.unsettled).toBeUndefined();
    const judge = async (rule: object): Promise<string> =>
      (await runCheckType(placement, { type: "placement", ...rule }, { ...context(), record })).outcome;
    expect(await judge({ from: "open", on: cordoned })).toBe("pass");
    expect(await judge({ from: "closed", pending: true })).toBe("pass");
    expect(await judge({ from: "loose", on: { [controlPlaneLabel]: "" } })).toBe("pass");
    expect(await judge({ from: "loose", notOn: cordoned })).toBe("pass");
    // Whoever tolerates everything tolerates a cordon.
    expect(await judge({ from: "greedy", on: cordoned })).toBe("pass");
    // Until a node joins that nobody thought of.
    expect(await judge({ from: "shy", pending: true })).toBe("pass");
    expect(await judge({ from: "joined", on: { "kubernetes.io/os": "linux" } })).toBe("pass");
    expect(await judge({ from: "unasked", pending: true })).toBe("pass");
    expect(session.open).toEqual([]);
    const nodes = await sandbox.kube.list({ apiVersion: "v1", kind: "Node" });
    expect(nodes.map(({ metadata }) => metadata.name).toSorted()).toEqual([...sandbox.nodes].toSorted());
    const homeless = (await sandbox.kube.list({ apiVersion: "v1", kind: "Pod" })).filter(
      ({ spec }) => !sandbox.nodes.includes(String(Object(spec).nodeName)),
    );
    expect(homeless.map(({ metadata }) => metadata.name)).toEqual([]);
    expect(await sandbox.kube.list({ kind: "Pod", namespace, labelSelector: "dev.labs/clone" })).toEqual([]);
    expect(await kept()).toBe("pass");
  });

  it("what the learner did to them is told, what the lab did is not", async () => {
    const name = sandbox.nodes[1] ?? "";
    const node = { apiVersion: "v1", kind: "Node", name };
    await sandbox.kube.patch(node, { metadata: { labels: { env: "staging", disk: "ssd" } } }, "merge");
    expect(await kept()).toBe("fail");
    const { cleaned, clean } = await scenario.clear(note);
    expect(clean).toBe(true);
    expect(cleaned.toSorted()).toEqual([`node ${name}: label disk removed`, `node ${name}: label env removed`]);
    const after = await sandbox.kube.get(node);
    expect(after?.metadata.annotations).not.toHaveProperty("dev.labs/given");
    expect(after?.["spec"]).not.toHaveProperty("taints");
  });
});
