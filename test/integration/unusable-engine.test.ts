import { createServer, type Server } from "node:http";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { doctor } from "../../src/commands/doctor.ts";
import { down } from "../../src/commands/down.ts";
import { setup } from "../../src/commands/setup.ts";
import { start } from "../../src/commands/start.ts";
import { stop } from "../../src/commands/stop.ts";
import { createRuntime } from "../../src/host.ts";
import type { Runtime } from "../../src/runtime.ts";
import type { Session } from "../../src/session/session.ts";
import { readState, saveSession } from "../../src/session/store.ts";
import { fakeSink } from "../fakes/runtime.ts";
import { describeDocker } from "./docker-engine.ts";

/** A session that was saved, and for which nothing was made yet. */
const begun: Session = {
  version: 1,
  id: "0d3c5a3e-0000-4000-8000-000000000000",
  lab: { id: "gomaxprocs-throttling", dir: "/nowhere", digest: "d" },
  variant: "v",
  seed: "s",
  startedAt: "2026-01-01T00:00:00.000Z",
  phase: "stopping",
  sandbox: { provider: "docker", name: "labs-000000" },
  values: {},
  open: [],
};

describeDocker("an engine that labs cannot use", () => {
  let folder: string;
  const servers: Server[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "labs-unusable-"));
    for (const name of ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_API_VERSION", "DOCKER_TLS_VERIFY"])
      vi.stubEnv(name, "");
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
    await rm(folder, { recursive: true, force: true });
  });

  /** The program's own runtime, in a home of its own under these variables. */
  function host(variables: Readonly<Record<string, string>>): Runtime & { readonly text: () => string } {
    const all = { HOME: folder, LABS_HOME: join(folder, "labs"), XDG_DATA_HOME: join(folder, "data"), ...variables };
    for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
    const out = fakeSink();
    return { ...createRuntime(new AbortController().signal), out, err: fakeSink(), text: out.text };
  }

  /** Something that answers as Podman does, as far as it is asked. */
  async function podman(): Promise<string> {
    const server = createServer((request, response) => {
      response.setHeader("Api-Version", "1.41");
      response.setHeader("Content-Type", "application/json");
      const components = [{ Name: "Podman Engine", Version: "5.4.0", Details: { ApiVersion: "5.4.0" } }];
      const about = {
        Version: "5.4.0",
        ApiVersion: "1.41",
        MinAPIVersion: "1.24",
        Os: "linux",
        Components: components,
      };
      response.end(request.url?.endsWith("/version") === true ? JSON.stringify(about) : "OK");
    });
    servers.push(server);
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    return `tcp://127.0.0.1:${address.port}`;
  }

  /** Makes the context the current one of the test's own HOME. */
  async function useContext(name: string, address: string): Promise<void> {
    const env = { PATH: process.env["PATH"], HOME: folder };
    for (const argv of [
      ["create", name, "--docker", `host=${address}`],
      ["use", name],
    ])
      await execa("docker", ["context", ...argv], { env, extendEnv: false });
  }

  async function expectRefused(rt: ReturnType<typeof host>, message: string, cure: string): Promise<void> {
    const refusal = { exitCode: 3, message: expect.stringContaining(message), cure: expect.stringContaining(cure) };
    await expect(start(rt, "gomaxprocs-throttling", {})).rejects.toMatchObject(refusal);
    await expect(setup(rt, {})).rejects.toMatchObject(refusal);
    await expect(readState(rt)).resolves.toEqual({ damaged: false });
    // Neither tools nor images were begun.
    await expect(readdir(folder)).resolves.not.toContain("data");
    await expect(doctor(rt, { json: true })).resolves.toBe(3);
    const { findings } = JSON.parse(rt.text());
    expect(findings[0]).toEqual({
      id: "engine",
      name: "Docker engine",
      level: "missing",
      found: refusal.message,
      cure: refusal.cure,
    });
  }

  it("is refused at the first step when a context leads over ssh", async () => {
    await useContext("prod", "ssh://me@box.invalid");
    await expectRefused(host({}), "over ssh is not supported (context prod,", "docker context use default");
  });

  it("is refused at the first step when it is Podman", async () => {
    await expectRefused(host({ DOCKER_HOST: await podman() }), "Podman is not supported", "unset DOCKER_HOST");
  });

  it("is refused in the CLI's words when the API version is too new", async () => {
    await expectRefused(
      host({ DOCKER_API_VERSION: "9.9" }),
      "client version 9.9 is too new",
      "unset DOCKER_API_VERSION",
    );
  });

  it("is refused when the context is not there", async () => {
    await expectRefused(host({ DOCKER_CONTEXT: "nix" }), 'context "nix" not found', "unset DOCKER_CONTEXT");
  });

  it("is refused when nobody listens", async () => {
    const rt = host({ DOCKER_HOST: "unix:///nonexistent/docker.sock" });
    await expectRefused(rt, "the Docker engine does not answer", "start the engine at DOCKER_HOST=unix:///nonexistent");
  });

  it("keeps no session that never came up: stop says why in one sentence, down forgets it", async () => {
    await useContext("prod", "ssh://me@box.invalid");
    const rt = host({});
    await saveSession(rt, begun);
    await expect(stop(rt, {})).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining("context prod") });
    await expect(down(rt, {})).resolves.toBe(0);
    expect(rt.text()).toBe("Nothing of ours is there.\n");
    await expect(readState(rt)).resolves.toEqual({ damaged: false });
  });

  it("does not make down forget a lab that was handed over on another engine", async () => {
    await useContext("prod", "ssh://me@box.invalid");
    const rt = host({});
    const running: Session = { ...begun, phase: "running", faultAt: begun.startedAt };
    await saveSession(rt, running);
    for (const command of [stop, down]) {
      await expect(command(rt, {})).rejects.toMatchObject({
        exitCode: 3,
        cure: expect.stringContaining("use default"),
      });
    }
    await expect(readState(rt)).resolves.toEqual({ session: running, damaged: false });
  });
});
