import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Docker } from "../../src/docker/docker.ts";
import { createExec } from "../../src/lib/exec.ts";
import { cloneSpec } from "../../src/sandbox/docker/clone-container.ts";
import { containerSpec } from "../../src/sandbox/docker/container-spec.ts";
import { layContainers, recreate } from "../../src/sandbox/docker/containers.ts";
import { dockerRunLine } from "../../src/sandbox/docker/docker-run-line.ts";
import { dockerProvider } from "../../src/sandbox/docker/provider.ts";
import { goAppImage } from "../../src/images/versions.ts";
import type { DockerSandbox } from "../../src/sandbox/sandbox.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { describeDocker, docker } from "./docker-engine.ts";

const rt = fakeRuntime({
  clock: systemClock,
  docker: async () => docker,
  paths: { ...fakeRuntime().paths, home: `/nowhere/${randomBytes(8).toString("hex")}` },
});
const exec = createExec(process.env, new AbortController().signal);
const topology = { provider: "docker" } as const;
const name = dockerProvider.nameFor(rt, topology);
const shop = {
  name: "shop",
  part: "base",
  image: goAppImage,
  env: { WORK_MS: "1" },
  args: ["serve"],
  cpus: 0.5,
} as const;

async function ours(): Promise<string[]> {
  const [containers, networks] = await Promise.all([docker.containers({ namePrefix: name }), docker.network(name)]);
  return [...containers.map((one) => one.name), ...(networks === undefined ? [] : [networks.name])];
}

async function prepared(): Promise<DockerSandbox> {
  const { sandbox } = await dockerProvider.prepare(rt, topology, () => undefined);
  return sandbox;
}

async function probe(from: string, target: string): Promise<Awaited<ReturnType<Docker["exec"]>>> {
  return docker.exec(from, ["/app", "probe", "--timeout", "2s", target]);
}

describeDocker("a Docker sandbox", () => {
  let sandbox: DockerSandbox;
  let agent: string;
  let listener: Server;

  beforeAll(async () => {
    sandbox = await prepared();
    agent = `${name}-agent`;
    await layContainers(sandbox, [shop]);
    listener = createServer((socket) => socket.end()).listen(0, "0.0.0.0");
    await once(listener, "listening");
  });

  afterAll(async () => {
    listener.close();
    await dockerProvider.remove(rt, name);
  });

  it("is the same one when prepared or opened again", async () => {
    const before = await docker.inspect(agent);
    const again = await dockerProvider.prepare(rt, topology, () => undefined);
    expect(again).toMatchObject({ created: false, sandbox: { name } });
    await expect(dockerProvider.open(rt, name)).resolves.toMatchObject({ name, network: name });
    await expect(docker.inspect(agent)).resolves.toMatchObject({ id: before?.id });
    await expect(dockerProvider.list(rt, "home")).resolves.toEqual([name]);
    await expect(dockerProvider.list(rt, "all")).resolves.toContain(name);
  });

  it("lets containers reach each other by short and by full name", async () => {
    for (const host of ["shop", `${name}-shop`]) {
      await expect.poll(async () => (await probe(agent, `http://${host}:8080/livez`)).exitCode).toBe(0);
    }
  });

  it("reaches neither the host nor the outside", async () => {
    const address = listener.address();
    if (address === null || typeof address === "string") throw new Error("the listener has no port");
    const { port } = address;
    const hostAddresses = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, internal }) => family === "IPv4" && !internal)
      .map((one) => one.address);
    const network = await docker.network(name);
    const gateway = (network?.subnet ?? "").replace(/\.0\/\d+$/, ".1");
    expect(gateway).toMatch(/^\d+\.\d+\.\d+\.1$/);
    expect(hostAddresses).not.toEqual([]);
    // The same listener answers from the default bridge: it is the network that keeps it away.
    const outside = await docker.run({ name: `${name}-outside`, image: goAppImage, args: ["sleep", "60"] });
    try {
      await expect(probe(outside.name, `tcp://${hostAddresses[0]}:${port}`)).resolves.toMatchObject({ exitCode: 0 });
    } finally {
      await docker.remove(outside.name);
    }
    const targets = [...hostAddresses, gateway].map((host) => `tcp://${host}:${port}`);
    targets.push("tcp://1.1.1.1:443", "tcp://[2606:4700:4700::1111]:443", "dns:example.com");
    const answers = await Promise.all(targets.map(async (target) => [target, (await probe(agent, target)).exitCode]));
    expect(answers).toEqual(targets.map((target) => [target, 1]));
  });

  it("answers a request of the agent and tells why another failed", async () => {
    const answer = await sandbox.agent.request({ url: "http://shop:8080/livez", timeoutMs: 2000 });
    expect(answer).toMatchObject({ status: 200, error: "" });
    const refused = await sandbox.agent.request({ url: "http://shop:1/", timeoutMs: 2000 });
    expect(refused).toMatchObject({ status: 0, kind: "refused" });
  });

  it("runs a load and returns its end", async () => {
    await sandbox.agent.start({
      id: "steady",
      url: "http://shop:8080/burn?ms=1",
      method: "GET",
      rate: 20,
      connections: "new",
      timeoutMs: 2000,
      maxMs: 60_000,
    });
    await expect.poll(async () => (await sandbox.agent.read("steady")).ok, { timeout: 10_000 }).toBeGreaterThan(20);
    const end = await sandbox.agent.stop("steady");
    expect(end).toMatchObject({ state: "done", inflight: 0, failed: 0 });
    expect(end.ok).toBe(end.sent);
    await expect(sandbox.agent.read("steady")).rejects.toThrow(/answered 404/);
  });

  it("makes a container again with a fault on top", async () => {
    const broken = await recreate(sandbox, shop, { cpus: 0.25, env: { GOMAXPROCS: "16" } });
    expect(broken).toMatchObject({ nanoCpus: 250_000_000, labels: { "dev.labs.part": "base" } });
    expect(broken.env).toMatchObject({ WORK_MS: "1", GOMAXPROCS: "16" });
  });

  it("clones the learner's own container without its quota, and nothing else changed", async () => {
    await docker.remove(`${name}-shop`);
    const line = dockerRunLine({ ...containerSpec(sandbox, shop), env: { GREETING: "it's $HOME" }, user: "1234" });
    await exec(["sh", "-c", line]);
    const own = await docker.inspect(`${name}-shop`);
    if (own === undefined) throw new Error("the container was not made");
    const clone = await docker.run(cloneSpec(sandbox, own, { name: "control", cpus: null }));
    expect(own).toMatchObject({ nanoCpus: 500_000_000, env: { GREETING: "it's $HOME" } });
    expect(clone).toMatchObject({
      status: "running",
      nanoCpus: 0,
      imageId: own.imageId,
      env: own.env,
      args: own.args,
      entrypoint: own.entrypoint,
      memoryBytes: own.memoryBytes,
      raw: { Config: { User: "1234" } },
    });
    await expect.poll(async () => (await probe(agent, "http://control:8080/livez")).exitCode).toBe(0);
  });

  it("opens again after its containers were stopped", async () => {
    await docker.kill(agent);
    const opened = await dockerProvider.open(rt, name);
    if (opened === undefined) throw new Error("not opened");
    await expect(opened.agent.request({ url: "http://shop:8080/livez" })).resolves.toMatchObject({ status: 200 });
  });

  it("leaves nothing behind, and touches nothing else", async () => {
    const foreign = await docker.run({ name: `other-${name}`, image: goAppImage, args: ["sleep", "300"] });
    try {
      await exec(["docker", "network", "connect", name, foreign.name]);
      // The learner's own container: no label, an anonymous volume, gone by itself when killed.
      await exec([
        "docker",
        "run",
        "-d",
        "--rm",
        "--network",
        name,
        "-v",
        "/data",
        "--name",
        `${name}-mine`,
        goAppImage,
        "sleep",
        "300",
      ]);
      const format = "{{range .Mounts}}{{.Name}}{{end}}";
      const { stdout: volume } = await exec(["docker", "inspect", "-f", format, `${name}-mine`]);
      await expect(docker.volumes()).resolves.toContain(volume);
      await expect(dockerProvider.remove(rt, name)).resolves.toBe(true);
      await expect(ours()).resolves.toEqual([]);
      await expect(docker.volumes()).resolves.not.toContain(volume);
      await expect(docker.inspect(foreign.name)).resolves.toMatchObject({ status: "running", networks: ["bridge"] });
      await expect(dockerProvider.remove(rt, name)).resolves.toBe(false);
      await expect(dockerProvider.open(rt, name)).resolves.toBeUndefined();
      await expect(dockerProvider.list(rt, "home")).resolves.toEqual([]);
    } finally {
      await docker.remove(foreign.name);
    }
  });
});
