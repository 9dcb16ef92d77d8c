import { describe, expect, it } from "vitest";
import { environmentError, interruptedError } from "../../src/lib/errors.ts";
import type { Exec } from "../../src/lib/exec.ts";
import type { Runtime } from "../../src/runtime.ts";
import { engineVersion } from "../../src/setup/engine.ts";
import { requireEngine } from "../../src/setup/ensure-ready.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

/** A `docker version` that fails with this output. */
const fails = (output: string, end = "exited with 1"): Exec => {
  return async (argv) => {
    throw environmentError(`${argv.join(" ")} ${end}${output === "" ? "" : `\n${output}`}`);
  };
};

const answers = (version: string, info: object = {}): Exec => {
  return async ([, command]) => {
    const about = { NCPU: 2, MemTotal: 8e9, CgroupVersion: "2", ...info };
    return { exitCode: 0, stdout: command === "version" ? version : JSON.stringify(about), stderr: "" };
  };
};

const ask = async (exec: Exec, env: Runtime["env"] = {}, platform = "linux") => {
  const base = fakeRuntime();
  return engineVersion({ ...base, exec, env, host: { ...base.host, platform } });
};

const macos = "darwin";
const noDaemon = "Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?";
const denied = "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock";

describe("an engine that does not answer", () => {
  it.each<[string, Exec, Runtime["env"], string, string, string]>([
    [
      "no daemon",
      fails(noDaemon),
      { PATH: "/nix" },
      "linux",
      "the Docker engine does not answer",
      "install Docker Engine",
    ],
    ["no daemon", fails(noDaemon), {}, macos, "the Docker engine does not answer", "start Docker Desktop"],
    [
      "silence",
      fails("", "did not end within 10 s"),
      { DOCKER_HOST: "box" },
      "linux",
      "does not answer",
      "unset DOCKER_HOST",
    ],
    [
      "no CLI",
      fails("", "could not be started: no such program"),
      {},
      "linux",
      "there is no docker command",
      "install",
    ],
    [
      "no CLI",
      fails("", "could not be started: no such program"),
      {},
      macos,
      "there is no docker command",
      "brew install --cask docker-desktop",
    ],
    ["a closed socket", fails(denied), {}, "linux", "does not let this user in", "sudo usermod -aG docker $USER"],
    ["a closed socket", fails(denied), {}, macos, "does not let this user in", "open Docker Desktop"],
    [
      "an API that is too new",
      fails("\nError response from daemon: client version 9.9 is too new. Maximum supported API version is 1.41"),
      { DOCKER_API_VERSION: "9.9" },
      "linux",
      "client version 9.9 is too new. Maximum supported API version is 1.41 (DOCKER_API_VERSION=9.9)",
      "unset DOCKER_API_VERSION",
    ],
    [
      "a CLI that is too new",
      fails("Error response from daemon: client version 1.52 is too new. Maximum supported API version is 1.41"),
      {},
      "linux",
      "client version 1.52 is too new. Maximum supported API version is 1.41",
      "update the Docker engine",
    ],
    [
      "strange certificates",
      fails("error during connect: Get https://box:2376: tls: failed to verify certificate: x509: unknown authority"),
      { DOCKER_HOST: "box" },
      "linux",
      "x509: unknown authority",
      "DOCKER_CERT_PATH",
    ],
    [
      "podman-docker",
      fails("Emulate Docker CLI using podman. Create /etc/containers/nodocker to quiet msg.\nError: template: x"),
      {},
      "linux",
      "Podman is not supported as an engine (unix:///var/run/docker.sock)",
      "install Docker Engine",
    ],
  ])("%s: one sentence and its cure (%#)", async (_what, exec, env, platform, message, cure) => {
    await expect(ask(exec, env, platform)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining(message),
      cure: expect.stringContaining(cure),
    });
  });

  it("stays an interruption where the person wants out", async () => {
    await expect(ask(async () => Promise.reject(interruptedError()))).rejects.toMatchObject({ exitCode: 130 });
  });
});

describe("an engine that labs do not work with", () => {
  it("is refused over ssh before anything is run", async () => {
    await expect(ask(fakeRuntime().exec, { DOCKER_HOST: "ssh://me@box" })).rejects.toMatchObject({
      message: "an engine over ssh is not supported (DOCKER_HOST=ssh://me@box)",
      unsupported: true,
    });
  });

  it("is refused when it is Podman", async () => {
    const podman = answers("5.4.0\nPodman Engine\nConmon\n");
    await expect(ask(podman, { DOCKER_HOST: "unix:///run/podman/podman.sock" })).rejects.toMatchObject({
      message: "Podman is not supported as an engine (DOCKER_HOST=unix:///run/podman/podman.sock)",
      cure: "use a Docker engine: unset DOCKER_HOST",
      unsupported: true,
    });
    await expect(ask(answers("28.0.0\nEngine\ncontainerd\n"))).resolves.toBe("28.0.0");
  });

  it("is refused by the API version that is asked for", async () => {
    await expect(ask(fakeRuntime().exec, { DOCKER_API_VERSION: "1.24" })).rejects.toThrow("1.24 is too old");
    await expect(ask(answers("28.0.0"), { DOCKER_API_VERSION: "v1.41" })).resolves.toBe("28.0.0");
  });
});

describe("requireEngine", () => {
  const rootless = { SecurityOptions: ["name=seccomp,profile=builtin", "name=rootless", "name=cgroupns"] };
  it("takes an engine of root, and a rootless one that can limit containers", async () => {
    const old = answers("28.0.0", { CgroupVersion: "1", SecurityOptions: null, MemoryLimit: false });
    await expect(requireEngine(fakeRuntime({ exec: old }))).resolves.toBe("28.0.0");
    await expect(requireEngine(fakeRuntime({ exec: answers("28.0.0", rootless) }))).resolves.toBe("28.0.0");
  });

  it.each([
    [{ CgroupVersion: "1" }, "cgroup version 1", "systemd.unified_cgroup_hierarchy=1"],
    [{ CpuCfsQuota: false, CPUShares: false }, "cannot limit cpu:", "Delegate=cpu cpuset io memory pids"],
    [{ MemoryLimit: false, PidsLimit: false }, "cannot limit memory, pids:", "systemctl daemon-reload"],
  ])("refuses a rootless one with %o", async (info, message, cure) => {
    const exec = answers("28.0.0", { ...rootless, ...info });
    await expect(requireEngine(fakeRuntime({ exec }))).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining(message),
      cure: expect.stringContaining(cure),
    });
  });
});
