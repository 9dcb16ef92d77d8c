import net from "node:net";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goAppImage } from "../../src/images/versions.ts";
import type { Topology } from "../../src/lab/topology.ts";
import { poll } from "../../src/lib/poll.ts";
import type { Runtime } from "../../src/runtime.ts";
import { kindProvider } from "../../src/sandbox/kind/provider.ts";
import type { KindSandbox } from "../../src/sandbox/sandbox.ts";
import { findNodeImage } from "../../src/setup/node-image/find.ts";
import { fitPulled } from "../../src/setup/node-image/fit.ts";
import { describeKind, testRuntime, upCluster } from "./kind-cluster.ts";
import { buildFrom, pulledImage } from "./pulled-stand-in.ts";

let image: string;
let rt: Runtime;

const apiServer = { url: "http://kubernetes.default.svc.cluster.local:443/" };

/** The IPv4 address of each node on its cluster's network. */
async function addressesOf({ nodeShell, nodes }: KindSandbox): Promise<string[]> {
  const script = "ip -4 -o addr show dev eth0 scope global | awk '{print $4; exit}' | cut -d/ -f1";
  const answers = await Promise.all(nodes.map((node) => nodeShell(node, ["sh", "-c", script])));
  return answers.map(({ stdout }) => stdout.trim());
}

async function defaultRoutes({ nodeShell, nodes }: KindSandbox): Promise<string[]> {
  const answers = await Promise.all(nodes.map((node) => nodeShell(node, ["ip", "-4", "route", "show", "default"])));
  return answers.map(({ stdout }) => stdout.trim());
}

/** Asks from the agent's pod until the answer has this status. */
async function expectAnswer({ agent }: KindSandbox, url: string, status: number): Promise<void> {
  const answered = await poll(
    async () => {
      const answer = await agent.request({ url, timeoutMs: 3000 });
      return answer.status === status ? { done: true, value: true } : { done: false, seen: JSON.stringify(answer) };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: 120_000, everyMs: 500 },
  );
  expect(answered, url).toMatchObject({ ok: true });
}

/** Waits until the API server of nodes that were just started takes requests: on a busy host for longer than a learner is made to wait. */
async function expectApi({ kube }: KindSandbox): Promise<void> {
  const up = await poll(
    async () => ((await kube.ready(2000)) ? { done: true, value: true } : { done: false, seen: "not ready" }),
    { clock: rt.clock, signal: rt.signal, withinMs: 180_000, everyMs: 250 },
  );
  expect(up).toMatchObject({ ok: true });
}

/** The address of a pod that runs, in a network that its node gave it. */
async function podAddress({ kube }: KindSandbox, name: string): Promise<string> {
  const up = await poll(
    async () => {
      const pod = await kube.get({ apiVersion: "v1", kind: "Pod", name, namespace: "default" });
      const address = /"podIP":"([^"]+)"/.exec(JSON.stringify(pod?.["status"] ?? {}))?.[1];
      return address === undefined ? { done: false, seen: "no address" } : { done: true, value: address };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: 120_000, everyMs: 250 },
  );
  if (!up.ok) throw new Error(`pod ${name}: ${up.seen}`);
  return up.value;
}

beforeAll(async () => {
  image = await pulledImage();
  const own = testRuntime();
  rt = { ...own, env: { ...own.env, LABS_NODE_IMAGE: image } };
});

afterAll(() => rm(rt.paths.home, { recursive: true, force: true }));

describeKind("a node of a pulled image", () => {
  const topology: Topology = { provider: "kind", workers: 0, fresh: false };
  let sandbox: KindSandbox;
  let listener: net.Server;
  let port: number;

  beforeAll(async () => {
    const made = await upCluster(rt, topology);
    expect(made.created).toBe(true);
    sandbox = made.sandbox;
    listener = net.createServer((socket) => socket.end("reached"));
    listener.listen(0, "0.0.0.0");
    await once(listener, "listening");
    const address = listener.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    port = address.port;
  });

  afterAll(async () => {
    listener?.close();
    await kindProvider.remove(rt, kindProvider.nameFor(rt, topology));
  });

  async function expectNoWayOut(): Promise<void> {
    expect(await defaultRoutes(sandbox)).toEqual([expect.stringMatching(/^unreachable default\b/)]);
    const gateway = (await (await rt.docker()).network(sandbox.name))?.gateway ?? "";
    const [node = ""] = sandbox.nodes;
    const dial = `timeout 4 bash -c 'exec 3<>/dev/tcp/${gateway}/${port}'`;
    expect((await (await rt.docker()).exec(node, ["sh", "-c", dial])).exitCode).not.toBe(0);
    for (const url of [`http://${gateway}:${port}/`, "http://192.0.2.1/", "http://example.com/"]) {
      expect(await sandbox.agent.request({ url, timeoutMs: 5000 }), url).toMatchObject({ status: 0 });
    }
  }

  it("runs the network of our own image, and nothing that the pulled one brings for it", async () => {
    const fitted = await findNodeImage(rt);
    expect(fitted).toMatch(/^labs\/node:pulled-[0-9a-f]{8}$/);
    const [node = ""] = sandbox.nodes;
    const { id = "" } = (await (await rt.docker()).image(fitted ?? "")) ?? {};
    expect((await (await rt.docker()).inspect(node))?.imageId).toBe(id);
    const unit = await (await rt.docker()).exec(node, ["systemctl", "is-active", "labs-network"]);
    expect(unit.stdout.trim()).toBe("active");
    const daemons = await sandbox.kube.list({ apiVersion: "apps/v1", kind: "DaemonSet", namespace: "kube-system" });
    expect(daemons.map(({ metadata }) => metadata.name)).toEqual(["kube-proxy"]);
    await expectAnswer(sandbox, apiServer.url, 400);
  });

  it("has no way out", expectNoWayOut);

  it("is kept warm, and is the same cluster afterwards", async () => {
    await kindProvider.park(rt, sandbox.name, () => undefined);
    const again = await upCluster(rt, topology);
    expect(again.created).toBe(false);
    sandbox = again.sandbox;
    await expectAnswer(sandbox, apiServer.url, 400);
  });

  it("has its network again after a reboot, and no way out", async () => {
    const [node = ""] = sandbox.nodes;
    await (await rt.docker()).restart(node);
    await expectApi(sandbox);
    const again = await upCluster(rt, topology);
    expect(again.created).toBe(false);
    sandbox = again.sandbox;
    await expectAnswer(sandbox, apiServer.url, 400);
    await expectNoWayOut();
  });
});

describeKind("three nodes of a pulled image", () => {
  const topology: Topology = { provider: "kind", workers: 2, fresh: false };

  afterAll(() => kindProvider.remove(rt, kindProvider.nameFor(rt, topology)));

  it("reach each other's pods, also after they swapped addresses", async () => {
    const { sandbox } = await upCluster(rt, topology);
    const { kube, nodes } = sandbox;
    const docker = await rt.docker();
    const workers = nodes.slice(1);
    for (const node of workers) {
      const container = { name: "app", image: goAppImage, imagePullPolicy: "Never", args: ["serve"] };
      const metadata = { name: node, namespace: "default" };
      await kube.create({ apiVersion: "v1", kind: "Pod", metadata, spec: { nodeName: node, containers: [container] } });
    }
    for (const node of workers)
      await expectAnswer(sandbox, `http://${await podAddress(sandbox, node)}:8080/version`, 200);

    const before = await addressesOf(sandbox);
    await Promise.all(nodes.map((node) => docker.stop(node, 5)));
    // Each start takes the lowest address that is free: whoever had the highest gets the lowest.
    const octet = (node: string) => Number(before[nodes.indexOf(node)]?.split(".").at(-1));
    for (const node of nodes.toSorted((a, b) => octet(b) - octet(a))) await docker.start(node);
    await expectApi(sandbox);
    const again = await upCluster(rt, topology);
    expect(again.created).toBe(false);
    const after = await addressesOf(again.sandbox);
    expect(after).not.toEqual(before);
    for (const [index, node] of workers.entries()) {
      const subnet = `10.244.${after[index + 1]?.split(".").at(-1)}.`;
      const moved = await poll(
        async () => {
          const address = await podAddress(again.sandbox, node);
          return address.startsWith(subnet) ? { done: true, value: address } : { done: false, seen: address };
        },
        { clock: rt.clock, signal: rt.signal, withinMs: 120_000, everyMs: 250 },
      );
      if (!moved.ok) throw new Error(`pod ${node} is not in ${subnet}: ${moved.seen}`);
      await expectAnswer(again.sandbox, `http://${moved.value}:8080/version`, 200);
    }
  });
});

describe("an image that is no node for labs", () => {
  it.runIf(describeKind === describe)("is refused with what it lacks", async () => {
    const tag = `labs-test/unfit:${rt.host.pid}`;
    const unfit: readonly (readonly [string, string])[] = [
      ["rm /opt/cni/bin/ptp", "it has no network plugin ptp in /opt/cni/bin"],
      ["echo v1.31.2 >/kind/version", "it is Kubernetes v1.31.2, and labs are made for v1.36"],
    ];
    for (const [change, why] of unfit) {
      try {
        await buildFrom(tag, `FROM ${image}\nRUN ${change}\n`);
        expect(await fitPulled(rt, tag)).toEqual({ ok: false, why });
      } finally {
        // Each time: a name that goes to the next one leaves an image without any.
        await rt.exec(["docker", "rmi", "-f", tag], { allowFailure: true });
      }
    }
  });
});
