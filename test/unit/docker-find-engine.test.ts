import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dialOptions } from "../../src/docker/dial-options.ts";
import { findEngine } from "../../src/docker/find-engine.ts";

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "labs-find-engine-"));
});

afterEach(() => rm(home, { recursive: true }));

async function writeContext(name: string, host: string): Promise<void> {
  const folder = join(home, ".docker", "contexts", "meta", createHash("sha256").update(name).digest("hex"));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "meta.json"), JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }));
}

async function useContext(name: string): Promise<void> {
  await mkdir(join(home, ".docker"), { recursive: true });
  await writeFile(join(home, ".docker", "config.json"), JSON.stringify({ currentContext: name, auths: {} }));
}

describe("the engine's address", () => {
  it("is the default socket where nobody says otherwise", async () => {
    await expect(findEngine({})).resolves.toBe("unix:///var/run/docker.sock");
    await expect(findEngine({ HOME: home })).resolves.toBe("unix:///var/run/docker.sock");
  });

  it("is that of the CLI's current context", async () => {
    await writeContext("colima", "unix:///home/me/.colima/docker.sock");
    await useContext("colima");
    await expect(findEngine({ HOME: home })).resolves.toBe("unix:///home/me/.colima/docker.sock");
  });

  it("is DOCKER_HOST before any context", async () => {
    await useContext("colima");
    await expect(findEngine({ HOME: home, DOCKER_HOST: "tcp://box:2375" })).resolves.toBe("tcp://box:2375");
  });

  it("is DOCKER_CONTEXT before the current context", async () => {
    await useContext("colima");
    await expect(findEngine({ HOME: home, DOCKER_CONTEXT: "default" })).resolves.toBe("unix:///var/run/docker.sock");
  });

  it("is refused when the context does not exist", async () => {
    await useContext("gone");
    await expect(findEngine({ HOME: home })).rejects.toThrow("context gone does not exist");
  });

  it("is refused when the CLI's file is damaged", async () => {
    await useContext("x");
    await writeFile(join(home, ".docker", "config.json"), "{");
    await expect(findEngine({ HOME: home })).rejects.toThrow(/config\.json is not what the Docker CLI writes/);
  });
});

describe("dial options", () => {
  it("keep a socket apart from any host", async () => {
    await expect(dialOptions("unix:///run/d.sock", {})).resolves.toEqual({
      host: "",
      port: "",
      protocol: "http",
      socketPath: "/run/d.sock",
    });
  });

  it("know the default port of tcp", async () => {
    await expect(dialOptions("box", {})).resolves.toEqual({ host: "box", port: "2375", protocol: "http" });
  });

  it("read the certificates of a TLS engine", async () => {
    await Promise.all(["ca.pem", "cert.pem", "key.pem"].map((name) => writeFile(join(home, name), name)));
    const env = { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: home };
    await expect(dialOptions("tcp://box:2376", env)).resolves.toEqual({
      host: "box",
      port: "2376",
      protocol: "https",
      ca: Buffer.from("ca.pem"),
      cert: Buffer.from("cert.pem"),
      key: Buffer.from("key.pem"),
    });
  });

  it("refuse ssh by name", async () => {
    await expect(dialOptions("ssh://me@box", {})).rejects.toThrow("ssh://me@box is not supported");
  });
});
