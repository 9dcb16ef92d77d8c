import net from "node:net";
import path from "node:path";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFile, rm, stat } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { withLastApplied } from "../../src/kube/last-applied.ts";
import { goAppImage } from "../../src/images/versions.ts";
import type { Topology } from "../../src/lab/topology.ts";
import { poll } from "../../src/lib/poll.ts";
import { captureBaseline } from "../../src/sandbox/baseline/capture.ts";
import { compareBaseline } from "../../src/sandbox/baseline/compare.ts";
import { restoreBaseline } from "../../src/sandbox/baseline/restore.ts";
import { loadBaseline } from "../../src/sandbox/baseline/store.ts";
import { kindProvider } from "../../src/sandbox/kind/provider.ts";
import { agentPodRef } from "../../src/sandbox/kind/spoilt-agent.ts";
import type { KindSandbox } from "../../src/sandbox/sandbox.ts";
import { describeKind, testRuntime, upCluster } from "./kind-cluster.ts";

const rt = testRuntime();
const topology: Topology = { provider: "kind", workers: 0, fresh: false };
const name = kindProvider.nameFor(rt, topology);

const map = (value: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "applied", namespace: "default" },
  data: { value },
});

describeKind("a kind sandbox", () => {
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
    await kindProvider.remove(rt, name);
    await rm(rt.paths.home, { recursive: true, force: true });
  });

  /** Dials from the node; the exit code of bash's own /dev/tcp tells. */
  async function dialFromNode(host: string, to: number): Promise<number> {
    const [node = ""] = sandbox.nodes;
    const script = `timeout 4 bash -c 'exec 3<>/dev/tcp/${host}/${to}'`;
    return (await (await rt.docker()).exec(node, ["sh", "-c", script])).exitCode;
  }

  it("has a private kubeconfig with one context", async () => {
    expect((await stat(rt.paths.kubeconfig)).mode & 0o777).toBe(0o600);
    const config = parse(await readFile(rt.paths.kubeconfig, "utf8"));
    expect(config.contexts.map((one: { name: string }) => one.name)).toEqual([`kind-${name}`]);
    // RSA keys would cost every new cluster more than a second.
    const [user] = config.users;
    const pem = Buffer.from(user.user["client-certificate-data"], "base64");
    expect(new X509Certificate(pem).publicKey.asymmetricKeyType).toBe("ec");
  });

  it("comes up without a crash: nothing dials before it is known where to", async () => {
    // A client whose first packet went a way that is closed later gives up after some 4 s, and starts again.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const pods = await sandbox.kube.list({ apiVersion: "v1", kind: "Pod" });
    // Those of the control plane wait for each other, and on a very busy host give up and start again.
    const ours = pods.filter(({ metadata }) => metadata.ownerReferences?.[0]?.kind !== "Node");
    const crashed = ours.filter(({ status }) => JSON.stringify(status).match(/"restartCount":[1-9]/) !== null);
    expect(crashed.map(({ metadata }) => metadata.name)).toEqual([]);
    expect(ours.map(({ metadata }) => metadata.name.replace(/-.*/, ""))).toEqual(
      expect.arrayContaining(["agent", "coredns", "kube", "local"]),
    );
  });

  it("shows logs and runs commands: the API server may speak to kubelet", async () => {
    const pod = `/api/v1/namespaces/${agentPodRef.namespace}/pods/${agentPodRef.name}`;
    expect(await sandbox.kube.request("GET", `${pod}/log`)).toMatchObject({ status: 200 });
    // Asked without an upgrade of the connection, kubelet refuses; without rights it is the API server, with 403.
    expect(await sandbox.kube.request("POST", `${pod}/exec?command=/app&stdout=true`)).toMatchObject({ status: 400 });
  });

  it("leaves the service network to kube-proxy alone", async () => {
    const [node = ""] = sandbox.nodes;
    const { stdout } = await (await rt.docker()).exec(node, ["iptables", "-w", "-t", "nat", "-S"]);
    expect(stdout).toMatch(/^-A PREROUTING .*-j KUBE-SERVICES$/m);
    expect(stdout).not.toMatch(/^-A (PREROUTING|OUTPUT) .*DNAT/m);
  });

  it("reaches services, DNS and the API server from a pod and from a node", async () => {
    const answer = await sandbox.agent.request({ url: "http://kubernetes.default.svc.cluster.local:443/" });
    expect(answer.status).toBe(400);
    expect(await dialFromNode("10.96.0.1", 443)).toBe(0);
    expect(await sandbox.kube.ready()).toBe(true);
  });

  it("reaches nothing outside from a pod", async () => {
    const gateway = (await (await rt.docker()).network(name))?.gateway ?? "";
    const host = Object.values(networkInterfaces())
      .flat()
      .filter((one) => one?.family === "IPv4" && !one.internal)
      .map((one) => one?.address ?? "");
    expect(host).toContain(gateway);
    const urls = [
      ...host.map((address) => `http://${address}:${port}/`),
      "http://1.1.1.1/",
      "http://[2606:4700:4700::1111]/",
      "http://example.com/",
    ];
    const kinds = await Promise.all(
      urls.map(
        async (url) =>
          (
            await sandbox.agent
              .request({ url, timeoutMs: 3000 })
              .catch((error: unknown) => ({ status: 0, kind: String(error) }))
          ).status,
      ),
    );
    expect(Object.fromEntries(urls.map((url, index) => [url, kinds[index]]))).toEqual(
      Object.fromEntries(urls.map((url) => [url, 0])),
    );
  });

  it("loses what no service rule has rewritten, and leaves refusals to kube-proxy", async () => {
    // Undelivered, it would be unreachable after 3 s, and so would the client's next tries.
    const nobody = await sandbox.agent.request({ url: "http://10.96.200.200/", timeoutMs: 5000 });
    expect(nobody).toMatchObject({ status: 0, kind: "timeout" });
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "empty", namespace: "default" } };
    await sandbox.kube.create({ ...service, spec: { selector: { app: "none" }, ports: [{ port: 80 }] } });
    try {
      const refused = await poll(
        async () => {
          const { kind } = await sandbox.agent.request({
            url: "http://empty.default.svc.cluster.local/",
            timeoutMs: 1000,
          });
          return kind === "refused" ? { done: true, value: true } : { done: false, seen: kind };
        },
        { clock: rt.clock, signal: rt.signal, withinMs: 15_000, everyMs: 200 },
      );
      expect(refused).toMatchObject({ ok: true });
    } finally {
      await sandbox.kube.delete({ ...service, name: "empty", namespace: "default" });
    }
  });

  it("refuses a pod every query that no service rule takes, however many", async () => {
    // As the resolvers of many pods send them at once, from the agent's own network; 1 is refused, more than 128 is no answer.
    const ask = 'for i in $(seq 200); do exec {fd}<>/dev/udp/10.96.200.200/53; echo >&$fd; fds="$fds $fd"; done';
    const script = `${ask}; for fd in $fds; do read -t 1 -u $fd; echo $?; done 2>/dev/null | sort | uniq -c`;
    const inPod = 'exec nsenter -t "$(pgrep -of "^/app load")" -n bash -c "$1"';
    const { stdout } = await (await rt.docker()).exec(sandbox.nodes[0] ?? "", ["bash", "-c", inPod, "in-pod", script]);
    expect(stdout.trim()).toBe("200 1");
  });

  it("does not resolve an outside name from a pod", async () => {
    const answer = await sandbox.agent.request({ url: "http://example.com/", timeoutMs: 5000 });
    expect(answer).toMatchObject({ status: 0, kind: "dns" });
  });

  it("reaches nothing outside from a node", async () => {
    const gateway = (await (await rt.docker()).network(name))?.gateway ?? "";
    expect(await dialFromNode(gateway, port)).not.toBe(0);
    expect(await dialFromNode("172.17.0.1", port)).not.toBe(0);
    expect(await dialFromNode("1.1.1.1", 80)).not.toBe(0);
    const [node = ""] = sandbox.nodes;
    const six = await (await rt.docker()).exec(node, ["ip", "-6", "route", "get", "2606:4700:4700::1111"]);
    expect(six.exitCode).not.toBe(0);
  });

  it("closes what the engine opens again when a node restarts", async () => {
    const [node = ""] = sandbox.nodes;
    const routes = async (): Promise<string> =>
      (await (await rt.docker()).exec(node, ["ip", "-4", "route", "show", "default"])).stdout.trim();
    const gateway = (await (await rt.docker()).network(name))?.gateway ?? "";
    await (await rt.docker()).exec(node, ["ip", "route", "replace", "default", "via", gateway]);
    await (await rt.docker()).exec(node, ["ip", "route", "replace", "10.244.1.0/24", "via", gateway]);
    expect(await routes()).toContain(gateway);
    await kindProvider.open(rt, name);
    const through = await (await rt.docker()).exec(node, ["ip", "-4", "route", "show", "via", gateway]);
    expect(through).toMatchObject({ exitCode: 0, stdout: "" });
    expect(await routes()).toMatch(/^unreachable default\s*$/);
  });

  it("is made ready for experiments, but not to be cleared", async () => {
    await sandbox.kube.delete(agentPodRef, { graceSeconds: 0 });
    await kindProvider.open(rt, name, "clearing");
    expect(await sandbox.kube.get(agentPodRef)).toBeUndefined();
    await kindProvider.open(rt, name);
    expect(await sandbox.kube.get(agentPodRef)).toMatchObject({ status: { phase: "Running" } });
  });

  it("is unchanged by being looked at", async () => {
    const baseline = await loadBaseline(rt, sandbox);
    if (baseline === undefined) throw new Error("no baseline");
    const started = performance.now();
    const difference = compareBaseline(baseline, await captureBaseline(sandbox.kube));
    // Under 3 s on two CPUs; a busy machine takes longer.
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(difference).toEqual({ added: [], deleted: [], changed: [] });
  });

  it("undoes whatever a learner left, and names it", async () => {
    const { kube, nodes } = sandbox;
    const [node = ""] = nodes;
    const baseline = await loadBaseline(rt, sandbox);
    if (baseline === undefined) throw new Error("no baseline");
    const nodeRef = { kind: "Node", name: node };
    await kube.patch(nodeRef, { metadata: { labels: { disk: "ssd" } } }, "merge");
    await kube.patch(
      nodeRef,
      {
        spec: { unschedulable: true, taints: [{ key: "dedicated", value: "monitoring", effect: "PreferNoSchedule" }] },
      },
      "merge",
    );
    const objects = [
      { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "left" }, rules: [] },
      {
        apiVersion: "v1",
        kind: "ResourceQuota",
        metadata: { name: "left", namespace: "default" },
        spec: { hard: { pods: "0" } },
      },
      {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: "left" },
        spec: {
          capacity: { storage: "1Gi" },
          accessModes: ["ReadWriteOnce"],
          hostPath: { path: "/tmp/left" },
          persistentVolumeReclaimPolicy: "Retain",
        },
      },
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "left" } },
      {
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "ValidatingWebhookConfiguration",
        metadata: { name: "left" },
        webhooks: [
          {
            name: "left.example.com",
            clientConfig: { url: "https://127.0.0.1:9/" },
            rules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["DELETE", "UPDATE"], resources: ["*"] }],
            failurePolicy: "Fail",
            sideEffects: "None",
            admissionReviewVersions: ["v1"],
          },
        ],
      },
    ];
    await kube.patch(
      { kind: "ConfigMap", name: "coredns", namespace: "kube-system" },
      { data: { Corefile: ".:53 {\n}\n", more: "x" } },
      "merge",
    );
    await kube.delete({ kind: "Role", name: "kube-proxy", namespace: "kube-system" });
    for (const object of objects) await kube.create(object);
    const restored = await restoreBaseline(rt, kube, baseline);
    expect(restored.left).toEqual([]);
    expect(restored.held).toBe(true);
    expect(restored.cleaned.sort()).toEqual(
      [
        "clusterrole/left removed",
        "default resourcequota/left removed",
        "kube-system configmap/coredns: data.more, data.Corefile put back",
        "kube-system role/kube-proxy recreated",
        "namespace left removed",
        `node ${node}: label disk removed`,
        `node ${node}: taint dedicated=monitoring:PreferNoSchedule removed`,
        `node ${node}: taint node-role.kubernetes.io/control-plane:NoSchedule put back`,
        `node ${node}: uncordoned`,
        "persistentvolume/left removed",
        "validatingwebhookconfiguration/left removed",
      ]
        .filter((line) => !line.includes("node-role") || restored.cleaned.includes(line))
        .sort(),
    );
    expect(compareBaseline(baseline, await captureBaseline(kube))).toEqual({ added: [], deleted: [], changed: [] });
  });

  it("applies like kubectl, over what is there", async () => {
    const { kube } = sandbox;
    await kube.apply(map("1"));
    const live = await kube.apply(map("2"));
    expect(live["data"]).toEqual({ value: "2" });
    expect(live.metadata.annotations).toEqual(withLastApplied(map("2")).metadata.annotations);
    expect(await kube.delete({ kind: "ConfigMap", name: "applied", namespace: "default" })).toBe(true);
  });

  it("is kept paused, and is the same cluster afterwards", async () => {
    await kindProvider.park(rt, name, () => undefined);
    const [node = ""] = sandbox.nodes;
    // Nor would an engine that is started again have it run.
    expect(await (await rt.docker()).inspect(node)).toMatchObject({ status: "paused", restart: "no" });
    await rm(path.join(rt.paths.home, "sandboxes"), { recursive: true });
    const again = await upCluster(rt, topology);
    expect(again.created).toBe(false);
    expect(await again.sandbox.agent.request({ url: "http://kubernetes.default:443/" })).toMatchObject({ status: 400 });
  });

  it("gets the images that a lab asks for, and keeps them", async () => {
    const image = `${name}-extra:1`;
    const [node = ""] = sandbox.nodes;
    await execa("docker", ["tag", goAppImage, image]);
    try {
      const again = await upCluster(rt, { ...topology, images: [image] });
      expect(again.created).toBe(false);
      const { stdout } = await again.sandbox.nodeShell(node, ["ctr", "-n", "k8s.io", "images", "ls", "-q"]);
      expect(stdout.split("\n")).toEqual(expect.arrayContaining([`docker.io/library/${image}`]));
    } finally {
      await execa("docker", ["rmi", image]);
    }
  });

  it("takes kind's restart policy off a cluster of before", async () => {
    const [node = ""] = sandbox.nodes;
    await execa("docker", ["update", "--restart=on-failure:1", node]);
    await kindProvider.open(rt, name);
    expect((await (await rt.docker()).inspect(node))?.restart).toBe("no");
  });

  it("says who has its port when another program took it, and is replaced at the next start", async () => {
    const [node = ""] = sandbox.nodes;
    const docker = await rt.docker();
    const [, held = ""] = /127\.0\.0\.1:(\d+)/.exec(await readFile(rt.paths.kubeconfig, "utf8")) ?? [];
    // As an engine that was started again leaves it.
    await docker.stop(node);
    const other = net.createServer((socket) => socket.end());
    other.listen(Number(held), "127.0.0.1");
    await once(other, "listening");
    try {
      await expect(kindProvider.open(rt, name)).rejects.toMatchObject({
        exitCode: 3,
        message: `${node} cannot run again: another program has taken its port 127.0.0.1:${held}`,
        cure: expect.stringContaining(`sport = :${held}`),
      });
      const again = await upCluster(rt, topology);
      expect(again.created).toBe(true);
      expect(await readFile(rt.paths.kubeconfig, "utf8")).not.toContain(`127.0.0.1:${held}\n`);
      sandbox = again.sandbox;
    } finally {
      other.close();
    }
  });

  it("is the one that its home keeps when it is parked last, and removes none that runs", async () => {
    // As version 0.1 named it.
    const old = name.replace(/[0-9a-f]{6}$/, "1w");
    const notes: string[] = [];
    try {
      const { settled } = await kindProvider.prepare(rt, { ...topology, workers: 1 }, () => undefined, old);
      await settled;
      expect(await kindProvider.list(rt, "home")).toEqual([name, old].sort());
      expect(await kindProvider.park(rt, old, (text) => notes.push(text))).toBe(true);
      expect(await kindProvider.list(rt, "home")).toEqual([name, old].sort());
      expect(notes).toEqual([]);
      expect(await kindProvider.park(rt, name, (text) => notes.push(text))).toBe(true);
      expect(await kindProvider.list(rt, "home")).toEqual([name]);
      expect(notes).toEqual([`removing cluster ${old}: one idle cluster is kept`]);
    } finally {
      await kindProvider.remove(rt, old);
    }
  });

  it("is gone whole when removed", async () => {
    const volumes = await (await rt.docker()).volumes();
    expect(await kindProvider.remove(rt, name)).toBe(true);
    expect(await kindProvider.list(rt, "home")).toEqual([]);
    expect(await (await rt.docker()).network(name)).toBeUndefined();
    expect((await (await rt.docker()).volumes()).length).toBeLessThan(volumes.length);
    await expect(stat(rt.paths.kubeconfig)).rejects.toThrow("ENOENT");
    expect(await kindProvider.remove(rt, name)).toBe(false);
    expect(await kindProvider.open(rt, name)).toBeUndefined();
  });
});
