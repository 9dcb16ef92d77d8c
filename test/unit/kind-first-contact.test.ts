import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import type { Docker } from "../../src/docker/docker.ts";
import type { Runtime } from "../../src/runtime.ts";
import { ApiOutOfReachError, type NetworkView } from "../../src/sandbox/kind/api-contact.ts";
import { firstContact } from "../../src/sandbox/kind/first-contact.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

const name = "labs-abc123-0w";
const node = `${name}-control-plane`;
const written = `
clusters: [{ name: ${name}, cluster: { server: "https://${node}:6443", certificate-authority-data: Q0E= } }]
users: [{ name: kubernetes-admin, user: { client-certificate-data: Q1JU } }]
`;
const raw = {
  NetworkSettings: {
    Ports: { "6443/tcp": [{ HostIp: "127.0.0.1", HostPort: "40001" }] },
    Networks: { [name]: { IPAddress: "10.200.0.2", Gateway: "10.200.0.1" } },
  },
};
/** The engine's own machine. */
const here: NetworkView = {
  addresses: () => ["127.0.0.1", "10.200.0.1"],
  dial: async (host) => {
    throw new Error(`unexpected dial of ${host}`);
  },
};
let home: string;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "labs-contact-"));
});
afterEach(() => rm(home, { recursive: true }));

/**
 * A node whose admin.conf reads so, one look after the other, and an API server that lets us in at the given look, `inside` is up in its node,
 * and answers at one address only where `at` names that.
 */
function cluster(looks: readonly string[], ready: number, { inside = false, at = "" } = {}): Runtime {
  const left = [...looks];
  let asked = 0;
  const docker: Docker = fakeDocker([fakeContainer({ name: node, raw })], {
    exec: async (_node, [program]) => {
      if (program === "kubectl") return { exitCode: inside ? 0 : 1, stdout: "", stderr: "" };
      const stdout = left.length > 1 ? left.shift() : left[0];
      return stdout === undefined
        ? { exitCode: 1, stdout: "", stderr: "no such file" }
        : { exitCode: 0, stdout, stderr: "" };
    },
  });
  const rt = fakeRuntime({
    docker: async () => docker,
    kube: async (kubeconfig) =>
      fakeKube([], {
        kubeconfig,
        ready: async () => {
          asked += 1;
          return asked >= ready && (await readFile(kubeconfig, "utf8")).includes(at);
        },
      }),
  });
  return { ...rt, paths: { ...rt.paths, home } };
}

it("waits for whole credentials, and then until they are let in", async () => {
  const rt = cluster(["", "clusters: [{ name: x, clu", "clusters: []\n", written], 4);
  const kube = await firstContact(rt, name, "0123456789abcdef", [node], here);
  expect(kube.kubeconfig).toBe(path.join(home, "sandboxes", `${name}-0123456789ab.kubeconfig`));
  const config = parse(await readFile(kube.kubeconfig, "utf8"));
  expect(config.clusters[0].cluster).toEqual({
    "certificate-authority-data": "Q0E=",
    server: "https://127.0.0.1:40001",
  });
  // 3 looks at the file and 3 at the API server were in vain.
  expect(rt.clock.now() - fakeRuntime().clock.now()).toBe(3 * 500 + 3 * 100);
});

it("names the cluster that has no credentials, and writes nothing", async () => {
  await expect(firstContact(cluster([], 1), name, "0123456789abcdef", [node], here)).rejects.toMatchObject({
    exitCode: 3,
    message: `no credentials of cluster ${name} within 60 s: not there`,
  });
  expect(await readdir(path.join(home, "sandboxes"))).toEqual([]);
});

it("names the cluster whose API server does not come up", async () => {
  await expect(
    firstContact(cluster([written], Infinity), name, "0123456789abcdef", [node], here),
  ).rejects.toMatchObject({
    exitCode: 3,
    message: `the API server of cluster ${name} did not come up within 120 s`,
  });
});

it("finds another way where something else answers in place of the API server", async () => {
  const rt = cluster([written], 1, { at: "10.200.0.2:6443" });
  const { kubeconfig } = await firstContact(rt, name, "0123456789abcdef", [node], here);
  const config = parse(await readFile(kubeconfig, "utf8"));
  expect(config.clusters[0].cluster).toEqual({
    "certificate-authority-data": "Q0E=",
    server: "https://10.200.0.2:6443",
    "tls-server-name": node,
  });
});

it("gives up on an API server that is up in its node and answers nobody here", async () => {
  const rt = cluster([written], Infinity, { inside: true });
  await expect(firstContact(rt, name, "0123456789abcdef", [node], here)).rejects.toBeInstanceOf(ApiOutOfReachError);
  expect(rt.clock.elapsed() - fakeRuntime().clock.elapsed()).toBeLessThan(40_000);
});
