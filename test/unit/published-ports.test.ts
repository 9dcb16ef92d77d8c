import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Runtime } from "../../src/runtime.ts";
import { publishedPortsProbeAt } from "../../src/sandbox/probes/published-ports.ts";
import { fakeDocker } from "../fakes/docker.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "labs-ports-"));
  await mkdir(join(root, "proc/net"), { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

const labels = {};
const docker = fakeDocker([], {
  network: async (name) => ({
    id: "1",
    name,
    labels,
    internal: false,
    subnet: "172.17.0.0/16",
    gateway: undefined,
    containers: [],
  }),
});

const exec = async () => ({ exitCode: 0, stdout: "28.0.0", stderr: "" });

/** What the row says on a machine with this table of addresses. */
async function look(trie: string, parts: Partial<Runtime> = {}) {
  await writeFile(join(root, "proc/net/fib_trie"), trie);
  return publishedPortsProbeAt(root).look(fakeRuntime({ docker: async () => docker, exec, ...parts }));
}

const bridge = "        |-- 172.17.0.1\n           /32 host LOCAL\n";
const member =
  "        |-- 172.17.0.12\n           /32 host LOCAL\n        |-- 172.17.0.1\n           /32 link UNICAST\n";

it("finds the ports where the engine's bridge is", async () => {
  await writeFile(join(root, ".dockerenv"), "");
  expect(await look(bridge)).toEqual({ level: "ok", found: "on this machine" });
});

it("trusts engines that forward: in a virtual machine, or without root", async () => {
  expect(await look("")).toEqual({ level: "ok", found: "forwarded by the engine" });
  const host = { ...fakeRuntime().host, platform: "darwin" };
  expect(await look("", { host })).toEqual({ level: "ok", found: "forwarded by the engine" });
});

it("warns in a container that only has the engine's socket", async () => {
  await writeFile(join(root, ".dockerenv"), "");
  expect(await look(member)).toMatchObject({
    level: "warn",
    found: expect.stringContaining("this is a container"),
    cure: expect.stringContaining("--network=host"),
  });
});

it("warns of an engine on another machine, but not of one behind this loopback", async () => {
  expect(await look("", { env: { DOCKER_HOST: "tcp://192.0.2.7:2375" } })).toMatchObject({
    level: "warn",
    found: expect.stringContaining("the engine is on 192.0.2.7"),
  });
  expect(await look("", { env: { DOCKER_HOST: "tcp://127.0.0.1:2375" } })).toMatchObject({ level: "ok" });
});
