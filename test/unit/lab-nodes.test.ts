import { describe, expect, it } from "vitest";
import { problemText } from "../../src/lab/problem.ts";
import { readLab } from "../../src/lab/read/read-lab.ts";
import { fitsProvider } from "../../src/lab/rules/fits-provider.ts";
import { knownNodes } from "../../src/lab/rules/known-nodes.ts";
import { dressedNodes, dressNodes, undressNodes } from "../../src/scenario/kind/lab-nodes.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import { labFolder, labSource, labYaml, testWords } from "../fakes/lab-folder.ts";
import { writableKube } from "../fakes/writable-kube.ts";

const sandbox = "sandbox: { kind: { workers: 0 } }";

function withNodes(nodes: string, workers = 2): [string, string][] {
  return [[sandbox, `sandbox: { kind: { workers: ${workers} } }\nnodes: ${nodes}`]];
}

function breaches(nodes: string, workers?: number): string[] {
  return knownNodes(labSource(withNodes(nodes, workers))).map((found) => problemText(found));
}

describe("nodes of a lab file", () => {
  it("are workers with labels, taints or both", () => {
    const nodes = "[{ worker: 1, labels: { env: prod } }, { worker: 2, taints: [{ key: a, effect: NoSchedule }] }]";
    expect(labSource(withNodes(nodes)).lab.nodes).toEqual([
      { worker: 1, labels: { env: "prod" }, taints: [] },
      { worker: 2, labels: {}, taints: [{ key: "a", effect: "NoSchedule" }] },
    ]);
    expect(breaches(nodes)).toEqual([]);
    expect(labSource().lab.nodes).toEqual([]);
  });

  it.each([
    ["[{ worker: 1 }]", "give labels, taints or both"],
    ["[{ worker: 1, labels: {} }]", "give at least one label"],
    ["[{ worker: 1, taints: [{ key: a, effect: NoExecute }] }]", "NoSchedule"],
    [
      "[{ worker: 1, taints: [{ key: a, effect: NoSchedule }, { key: a, effect: PreferNoSchedule }] }]",
      "a key is there twice",
    ],
  ])("are refused as %s", (nodes, message) => {
    const text = labYaml.replace(sandbox, `${sandbox}\nnodes: ${nodes}`);
    const { problems } = readLab(labFolder({ "lab.yaml": text }), testWords);
    expect(problems.map((found) => problemText(found)).join("\n")).toContain(message);
  });

  it("exist, once, and keep off what Kubernetes sets itself", () => {
    expect(breaches("[{ worker: 3, labels: { a: b } }]")).toEqual([
      "lab.yaml:7: there is no worker 3: the sandbox has 2",
    ]);
    expect(breaches("[{ worker: 1, labels: { a: b } }, { worker: 1, labels: { c: d } }]")).toEqual([
      "lab.yaml:7: worker 1 is there twice",
    ]);
    expect(breaches("[{ worker: 1, labels: { topology.kubernetes.io/zone: a } }]")).toEqual([
      "lab.yaml:7: topology.kubernetes.io/zone belongs to Kubernetes",
    ]);
  });

  it("are for Kubernetes labs", () => {
    const source = labSource([[sandbox, "sandbox: { docker: {} }\nnodes: [{ worker: 1, labels: { a: b } }]"]]);
    expect(fitsProvider(source).map(({ message }) => message)).toContain("nodes is for Kubernetes labs");
  });
});

const names = ["control-plane", "worker", "worker2"];
const monitoring = { key: "dedicated", value: "monitoring", effect: "NoSchedule" };
const passing = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };
const given = { labels: { env: "prod" }, taints: [monitoring] };

function node(name: string, parts: { labels?: object; taints?: unknown[]; given?: string } = {}): KubeObject {
  const annotations: Record<string, string> = { other: "kept" };
  if (parts.given !== undefined) annotations["dev.labs/given"] = parts.given;
  const labels = { "kubernetes.io/os": "linux", ...parts.labels };
  const spec = parts.taints === undefined ? {} : { taints: parts.taints };
  return { apiVersion: "v1", kind: "Node", metadata: { name, labels, annotations }, spec, status: { images: [] } };
}

function note(gift: object) {
  return { "dev.labs/given": JSON.stringify(gift) };
}

async function undressed(live: KubeObject): Promise<string[]> {
  const { kube, log } = writableKube([live]);
  await undressNodes(kube);
  return log;
}

describe("nodes of a sandbox", () => {
  it("are dressed by their place among the workers, and told apart as the lab's", async () => {
    const { kube, log } = writableKube(names.map((name) => node(name)));
    await dressNodes(kube, names, [
      { worker: 2, ...given },
      { worker: 1, labels: { a: "b" }, taints: [] },
    ]);
    expect(log).toEqual([
      `patch Node/worker2 strategic ${JSON.stringify({
        metadata: { labels: given.labels, annotations: note(given) },
        spec: { taints: [monitoring] },
      })}`,
      `patch Node/worker strategic ${JSON.stringify({
        metadata: { labels: { a: "b" }, annotations: note({ labels: { a: "b" }, taints: [] }) },
      })}`,
    ]);
    await expect(dressNodes(kube, names, [{ worker: 3, ...given }])).rejects.toMatchObject({ exitCode: 3 });
  });

  it("go into the reference without their status", async () => {
    const { kube } = writableKube([node("worker", { labels: given.labels, taints: [monitoring] })]);
    expect(await dressedNodes(kube, names, [{ worker: 1, ...given }])).toEqual([
      {
        apiVersion: "v1",
        kind: "Node",
        metadata: { name: "worker", labels: { "kubernetes.io/os": "linux", env: "prod" } },
        spec: { taints: [monitoring] },
      },
    ]);
  });

  it("lose what the lab gave them, and nothing else", async () => {
    const text = JSON.stringify(given);
    const theirs = { ...monitoring, value: "theirs" };
    expect(
      await undressed(
        node("worker", { given: text, labels: { env: "prod", more: "x" }, taints: [passing, monitoring, theirs] }),
      ),
    ).toEqual([
      `patch Node/worker merge ${JSON.stringify({
        metadata: { labels: { env: null }, annotations: { "dev.labs/given": null } },
        spec: { taints: [passing, theirs] },
      })}`,
    ]);
  });

  it("keep what the learner changed, for the baseline to name", async () => {
    const off = { metadata: { labels: {}, annotations: { "dev.labs/given": null } } };
    const changed = node("worker", { given: JSON.stringify(given), labels: { env: "staging" } });
    expect(await undressed(changed)).toEqual([`patch Node/worker merge ${JSON.stringify(off)}`]);
    const spoilt = node("worker", { given: "{", labels: { env: "prod" } });
    expect(await undressed(spoilt)).toEqual([`patch Node/worker merge ${JSON.stringify(off)}`]);
    expect(await undressed(node("worker", { labels: { env: "prod" } }))).toEqual([]);
  });
});
