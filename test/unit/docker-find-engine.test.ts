import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findEngine, type EngineEnv } from "../../src/docker/find-engine.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "labs-find-engine-"));
});
afterEach(() => rm(home, { recursive: true }));

const idOf = (name: string) => createHash("sha256").update(name).digest("hex");

async function writeContext(name: string, docker: object): Promise<void> {
  const folder = join(home, ".docker", "contexts", "meta", idOf(name));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "meta.json"), JSON.stringify({ Name: name, Endpoints: { docker } }));
}

async function useContext(name: string): Promise<void> {
  await mkdir(join(home, ".docker"), { recursive: true });
  await writeFile(join(home, ".docker", "config.json"), JSON.stringify({ currentContext: name, auths: {} }));
}

async function writePems(folder: string, names: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(names.map((name) => writeFile(join(folder, name), name)));
}

const pems = { ca: Buffer.from("ca.pem"), cert: Buffer.from("cert.pem"), key: Buffer.from("key.pem") };
const hostOf = async (env: EngineEnv) => (await findEngine({ HOME: home, ...env })).host;

describe("the engine's address", () => {
  it("is the default socket where nobody says otherwise", async () => {
    await expect(findEngine({})).resolves.toEqual({ host: "unix:///var/run/docker.sock", from: "default" });
    await expect(
      hostOf({ DOCKER_HOST: "", DOCKER_CONTEXT: "", DOCKER_CONFIG: "", DOCKER_TLS_VERIFY: "" }),
    ).resolves.toBe("unix:///var/run/docker.sock");
  });

  it("is that of the CLI's current context, also where DOCKER_CONTEXT is empty", async () => {
    await writeContext("colima", { Host: "unix:///home/me/.colima/docker.sock" });
    await useContext("colima");
    const colima = { host: "unix:///home/me/.colima/docker.sock", from: "currentContext", context: "colima" };
    await expect(findEngine({ HOME: home })).resolves.toEqual(colima);
    await expect(findEngine({ HOME: home, DOCKER_CONTEXT: "" })).resolves.toEqual(colima);
    await expect(findEngine({ HOME: "/elsewhere", DOCKER_CONFIG: join(home, ".docker") })).resolves.toEqual(colima);
  });

  it("is DOCKER_HOST before any context, and DOCKER_CONTEXT before the current one", async () => {
    await useContext("colima");
    await expect(hostOf({ DOCKER_HOST: "tcp://box:2375" })).resolves.toBe("tcp://box:2375");
    await expect(hostOf({ DOCKER_CONTEXT: "default" })).resolves.toBe("unix:///var/run/docker.sock");
  });

  it.each([
    ["box", "tcp://box:2375"],
    ["tcp://", "tcp://localhost:2375"],
    [":99", "tcp://localhost:99"],
    ["unix://", "unix:///var/run/docker.sock"],
    [" unix:///run/d.sock\n", "unix:///run/d.sock"],
    ["tcp://[::1]:99", "tcp://[::1]:99"],
    ["ssh://me@box", "ssh://me@box"],
  ])("is completed as the CLI does: %s", async (given, host) => {
    await expect(hostOf({ DOCKER_HOST: given })).resolves.toBe(host);
  });

  it.each(["http://box", "/run/docker.sock", "tcp://box:port"])("is refused with the cure: %s", async (given) => {
    await expect(findEngine({ DOCKER_HOST: given })).rejects.toMatchObject({
      name: "DockerError",
      message: `DOCKER_HOST ${given} is not supported`,
      cure: expect.stringContaining("unix://PATH"),
    });
  });

  it("is refused when the context does not exist, with the cure of who named it", async () => {
    await useContext("gone");
    await expect(findEngine({ HOME: home })).rejects.toMatchObject({
      exitCode: 3,
      message: 'context "gone" not found by the Docker CLI',
      cure: expect.stringContaining("docker context use default"),
    });
    await expect(findEngine({ HOME: home, DOCKER_CONTEXT: "nix" })).rejects.toMatchObject({
      message: 'context "nix" not found by the Docker CLI (DOCKER_CONTEXT)',
      cure: expect.stringContaining("unset DOCKER_CONTEXT"),
    });
  });

  it("is refused when the CLI's file is damaged", async () => {
    await useContext("x");
    await writeFile(join(home, ".docker", "config.json"), "{");
    await expect(findEngine({ HOME: home })).rejects.toThrow(/config\.json is not what the Docker CLI writes/);
  });
});

describe("TLS", () => {
  it("is asked for by any value of DOCKER_TLS_VERIFY, and moves the default port", async () => {
    await writePems(join(home, "certs"), ["ca.pem", "cert.pem", "key.pem"]);
    const env = { DOCKER_HOST: "box", DOCKER_TLS_VERIFY: "0", DOCKER_CERT_PATH: join(home, "certs") };
    await expect(findEngine(env)).resolves.toEqual({
      host: "tcp://box:2376",
      from: "DOCKER_HOST",
      tls: { verify: true, ...pems },
    });
    await expect(findEngine({ ...env, DOCKER_TLS_VERIFY: "", DOCKER_TLS: "1" })).resolves.toMatchObject({
      tls: { verify: false },
    });
  });

  it("reads the CLI's folder without DOCKER_CERT_PATH, and does without a client's certificate", async () => {
    await writePems(join(home, ".docker"), ["ca.pem"]);
    await expect(findEngine({ HOME: home, DOCKER_TLS_VERIFY: "1" })).resolves.toEqual({
      host: "tcp://localhost:2376",
      from: "default",
      tls: { verify: true, ca: pems.ca },
    });
  });

  it("without ca.pem names the file and DOCKER_CERT_PATH", async () => {
    const file = join(home, "ca.pem");
    await expect(findEngine({ DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: home })).rejects.toMatchObject({
      name: "DockerError",
      exitCode: 3,
      message: `DOCKER_TLS_VERIFY is set, but ${file} cannot be read`,
      cure: expect.stringContaining("DOCKER_CERT_PATH"),
    });
  });

  it("of a context comes from its own files, whatever the variables say", async () => {
    await writeContext("far", { Host: "tcp://far:2376", SkipTLSVerify: false });
    await writeContext("lax", { Host: "tcp://lax:2376", SkipTLSVerify: true });
    await writeContext("plain", { Host: "tcp://plain:2375" });
    await writePems(join(home, ".docker", "contexts", "tls", idOf("far"), "docker"), ["ca.pem", "cert.pem", "key.pem"]);
    const of = async (name: string) =>
      (await findEngine({ HOME: home, DOCKER_CONTEXT: name, DOCKER_TLS_VERIFY: "1" })).tls;
    await expect(of("far")).resolves.toEqual({ verify: true, ...pems });
    await expect(of("lax")).resolves.toEqual({ verify: false });
    await expect(of("plain")).resolves.toBeUndefined();
  });
});
