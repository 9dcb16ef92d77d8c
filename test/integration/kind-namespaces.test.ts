import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Kube, KubeObject, WatchEvent } from "../../src/kube/kube.ts";
import { poll } from "../../src/lib/poll.ts";
import { removeNamespaces } from "../../src/sandbox/baseline/remove-namespaces.ts";
import { endContainers } from "../../src/sandbox/kind/nodes.ts";
import { kindProvider } from "../../src/sandbox/kind/provider.ts";
import type { KindSandbox } from "../../src/sandbox/sandbox.ts";
import { describeKind, testRuntime, upCluster } from "./kind-cluster.ts";

const rt = testRuntime();
const topology = { provider: "kind", workers: 0, fresh: false } as const;
const name = kindProvider.nameFor(rt, topology);
const namespace = "going";

/** Three pods that take the whole default grace of 30 s to end when nobody shortens it. */
const slow: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "slow", namespace },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: "slow" } },
    template: {
      metadata: { labels: { app: "slow" } },
      spec: {
        tolerations: [{ operator: "Exists" }],
        containers: [
          {
            name: "slow",
            image: "labs/go-app:v1",
            args: ["sleep", "3600"],
            lifecycle: { preStop: { sleep: { seconds: 25 } } },
          },
        ],
      },
    },
  },
};

/** The same, asked to wait for an hour. */
const patient = {
  spec: {
    template: {
      spec: {
        terminationGracePeriodSeconds: 3600,
        containers: [{ name: "slow", lifecycle: { preStop: { sleep: { seconds: 3000 } } } }],
      },
    },
  },
};

async function running(kube: Kube): Promise<void> {
  const up = await poll(
    async () => {
      const pods = await kube.list({ kind: "Pod", namespace });
      const count = pods.filter(({ status }) => JSON.stringify(status).includes('"ready":true')).length;
      return count === 3 ? { done: true, value: true } : { done: false, seen: `${count} run` };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: 60_000 },
  );
  expect(up).toEqual({ ok: true, value: true });
}

describeKind("a namespace of a lab", () => {
  let kube: Kube;
  let sandbox: KindSandbox;

  beforeAll(async () => {
    ({ sandbox } = await upCluster(rt, topology));
    kube = sandbox.kube;
  });

  const endNow = async (of: string): Promise<void> => endContainers(sandbox, of);

  /** How many containers of it, those of pods included, run on the node. */
  async function onNode(): Promise<number> {
    const [node = ""] = sandbox.nodes;
    const filter = `labels."io.kubernetes.pod.namespace"==${namespace}`;
    const script = `ctr -n k8s.io containers ls -q '${filter}' | while read -r id; do ctr -n k8s.io tasks ls | grep "$id.*RUNNING"; done`;
    const { stdout } = await sandbox.nodeShell(node, ["sh", "-c", script]);
    return stdout.split("\n").filter((line) => line.includes("RUNNING")).length;
  }

  afterAll(async () => {
    await kindProvider.remove(rt, name);
    await rm(rt.paths.home, { recursive: true, force: true });
  });

  it("goes without waiting for the grace of its pods", async () => {
    await kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    const events: string[] = [];
    const stop = new AbortController();
    const onEvent = ({ type }: WatchEvent): void => void events.push(type);
    const watching = kube.watch({ kind: "Pod", namespace }, onEvent, stop.signal);
    await kube.apply(slow);
    await running(kube);
    const started = performance.now();
    expect(await removeNamespaces(rt, kube, [namespace, "never-there"])).toEqual([]);
    const seconds = (performance.now() - started) / 1000;
    process.stderr.write(`namespace with three slow pods removed in ${seconds.toFixed(1)} s\n`);
    expect(seconds).toBeLessThan(15);
    stop.abort();
    await watching;
    expect(events.filter((type) => type === "DELETED").length).toBeGreaterThanOrEqual(3);
  });

  it("goes while its pods wait for hooks that have begun, and nothing of them runs on", async () => {
    await kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    await kube.apply({ ...slow, spec: { ...Object(slow["spec"]), replicas: 0 } });
    await kube.patch({ kind: "Deployment", name: "slow", namespace }, patient, "strategic");
    await kube.patch({ kind: "Deployment", name: "slow", namespace }, { spec: { replicas: 3 } }, "merge");
    await running(kube);
    expect(await onNode()).toBe(6);
    await kube.request("DELETE", `/api/v1/namespaces/${namespace}/pods`);
    const leaving = async (): Promise<number> =>
      (await kube.list({ kind: "Pod", namespace })).filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
        .length;
    await expect.poll(leaving, { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
    const started = performance.now();
    expect(await removeNamespaces(rt, kube, [namespace], endNow)).toEqual([]);
    const seconds = (performance.now() - started) / 1000;
    process.stderr.write(`namespace with pods in long hooks removed in ${seconds.toFixed(1)} s\n`);
    expect(seconds).toBeLessThan(15);
    await expect.poll(onNode, { timeout: 5000 }).toBe(0);
  });

  it("is reported when a finalizer holds it", async () => {
    await kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "held" } });
    await kube.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "held", namespace: "held", finalizers: ["example.com/never"] },
    });
    const stuck = await removeNamespaces(rt, kube, ["held"]);
    expect(stuck).toEqual([{ namespace: "held", why: expect.stringContaining("example.com/never") }]);
    await kube.patch({ kind: "ConfigMap", name: "held", namespace: "held" }, { metadata: { finalizers: [] } }, "merge");
  });
});
