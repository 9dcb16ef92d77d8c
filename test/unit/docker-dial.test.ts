import { Agent } from "node:https";
import { describe, expect, it, vi } from "vitest";
import { connectDocker } from "../../src/docker/client.ts";
import { dialOptions, engineVariables } from "../../src/docker/dial-options.ts";
import type { EngineAddress } from "../../src/docker/find-engine.ts";

const at = (host: string, parts: Partial<EngineAddress> = {}): EngineAddress => ({
  host,
  from: "DOCKER_HOST",
  ...parts,
});
const pem = Buffer.from("pem");

describe("dial options", () => {
  it("of a socket name no host", () => {
    expect(dialOptions(at("unix:///run/d.sock"), {})).toEqual({ protocol: "http", socketPath: "/run/d.sock" });
  });

  it("of tcp name host, port and the API version that is asked for", () => {
    const plain = { protocol: "http", host: "box", port: "2375" };
    expect(dialOptions(at("tcp://box:2375"), { DOCKER_API_VERSION: "" })).toEqual(plain);
    for (const DOCKER_API_VERSION of ["1.41", "v1.41"]) {
      expect(dialOptions(at("tcp://box:2375"), { DOCKER_API_VERSION })).toEqual({ ...plain, version: "v1.41" });
    }
  });

  it("of TLS carry the certificates, and believe anybody only where they are told to", () => {
    const target = { protocol: "https", host: "box", port: "2376" };
    const tls = { ca: pem, cert: pem, key: pem };
    const engine = at("tcp://box:2376", { tls: { verify: true, ...tls } });
    expect(dialOptions(engine, {})).toEqual({ ...target, ...tls });
    const lax = dialOptions({ ...engine, tls: { verify: false } }, {});
    expect(lax).toMatchObject(target);
    expect(lax).toHaveProperty("agent", expect.any(Agent));
    expect(lax).toHaveProperty("agent.options.rejectUnauthorized", false);
  });

  it.each([
    [at("ssh://me@box"), "DOCKER_HOST=ssh://me@box", "unset DOCKER_HOST"],
    [
      at("ssh://box", { from: "currentContext", context: "prod" }),
      "context prod, ssh://box",
      "docker context use default",
    ],
    [at("ssh://box", { from: "DOCKER_CONTEXT", context: "prod" }), "context prod, ssh://box", "unset DOCKER_CONTEXT"],
  ])("refuse ssh and name who chose it", (engine, who, cure) => {
    expect(() => dialOptions(engine, {})).toThrowError(
      expect.objectContaining({
        message: `an engine over ssh is not supported (${who})`,
        cure: expect.stringContaining(cure),
        unsupported: true,
        exitCode: 3,
      }),
    );
  });
});

describe("variables for the CLI", () => {
  it("pin the engine and take away what would choose another", async () => {
    await expect(engineVariables({ DOCKER_CONTEXT: "default" })).resolves.toEqual({
      DOCKER_HOST: "unix:///var/run/docker.sock",
      DOCKER_CONTEXT: undefined,
    });
    await expect(engineVariables({ DOCKER_HOST: "box" })).resolves.toMatchObject({ DOCKER_HOST: "tcp://box:2375" });
  });

  it("are left to the CLI where no engine can be told", async () => {
    await expect(engineVariables({ HOME: "/nonexistent", DOCKER_CONTEXT: "nix" })).resolves.toEqual({});
  });
});

describe("connectDocker", () => {
  it("is not misled by the process's own variables", async () => {
    vi.stubEnv("DOCKER_HOST", "tcp://box:1");
    vi.stubEnv("DOCKER_CERT_PATH", "/nonexistent");
    const docker = await connectDocker({ DOCKER_HOST: "unix:///nonexistent/docker.sock" });
    await expect(docker.version()).rejects.toThrow("/nonexistent/docker.sock");
    expect(process.env["DOCKER_HOST"]).toBe("tcp://box:1");
  });
});
