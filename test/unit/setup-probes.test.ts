import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { doctor } from "../../src/commands/doctor.ts";
import { environmentError } from "../../src/lib/errors.ts";
import type { Exec } from "../../src/lib/exec.ts";
import type { Runtime } from "../../src/runtime.ts";
import { cgroupProbe, cpuProbe, inotifyProbeAt, judgeDisk, memoryProbe } from "../../src/setup/probes/machine.ts";
import { dockerFilesProbe, engineProbe, privilegedProbeAt } from "../../src/setup/probes/engine.ts";
import { examine } from "../../src/setup/probes/probe.ts";
import { probes } from "../../src/flows/probes.ts";
import { fakeRuntime, fakeSink } from "../fakes/runtime.ts";

const GiB = 2 ** 30;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "labs-probes-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An engine that answers `docker version` and `docker info` with this, and nothing else. */
function engine(info: object): Exec {
  const answers: Record<string, string> = {
    version: "28.0.0",
    info: JSON.stringify({ NCPU: 4, MemTotal: 8 * GiB, CgroupVersion: "2", DefaultRuntime: "runc", ...info }),
  };
  return async (argv) => {
    const stdout = argv[0] === "docker" ? answers[argv[1] ?? ""] : undefined;
    if (stdout === undefined) throw new Error(`unexpected program ${argv.join(" ")}`);
    return { exitCode: 0, stdout, stderr: "" };
  };
}

const noEngine: Exec = async (argv) => {
  if (argv[0] !== "docker") throw new Error(`unexpected program ${argv.join(" ")}`);
  throw environmentError("docker version exited with 1\nCannot connect to the Docker daemon");
};

async function inotify(instances: number, parts: Partial<Runtime> = {}) {
  await writeFile(join(folder, "max_user_instances"), `${instances}\n`);
  await writeFile(join(folder, "max_user_watches"), "1048576\n");
  return inotifyProbeAt(folder).look(fakeRuntime(parts));
}

async function privileged(bounding: string, runtime: string) {
  const status = join(folder, "status");
  await writeFile(status, `Name:\tnode\nCapBnd:\t${bounding}\n`);
  return privilegedProbeAt(status).look(fakeRuntime({ exec: engine({ DefaultRuntime: runtime }) }));
}

describe("probes that ask the engine", () => {
  it.each([
    [cpuProbe, { NCPU: 2 }, "ok"],
    [cpuProbe, { NCPU: 1 }, "warn"],
    [memoryProbe, { MemTotal: 4 * GiB }, "ok"],
    [memoryProbe, { MemTotal: 2 * GiB }, "warn"],
    [memoryProbe, { MemTotal: 1 * GiB }, "missing"],
    [cgroupProbe, { CgroupVersion: "1" }, "ok"],
    [cgroupProbe, { CgroupVersion: "" }, "warn"],
  ])("$name with %o is %s", async (probe, info, level) => {
    const finding = await probe.look(fakeRuntime({ exec: engine(info) }));
    expect(finding.level).toBe(level);
    if (level !== "ok") expect(finding.cure).toMatch(/\w/);
  });

  it.each([
    ["npm run labs --", {}, "npm run labs -- setup"],
    [
      "labs",
      { DOCKER_HOST: "tcp://10.0.0.1:2375" },
      "start the engine at DOCKER_HOST=tcp://10.0.0.1:2375, or unset DOCKER_HOST",
    ],
    ["labs", { PATH: "/nowhere" }, "install Docker Engine: https://docs.docker.com/engine/install/"],
  ])("called as %s without an engine, %o, names the cure", async (program, env, cure) => {
    const [finding] = await examine(fakeRuntime({ exec: noEngine, program, env }), [engineProbe]);
    expect(finding).toEqual({
      id: "engine",
      name: "Docker engine",
      level: "missing",
      found: "the Docker engine does not answer",
      cure,
    });
  });
});

/** A machine with a docker below `snap/bin` or `bin` that cannot read folders with this in their path. */
async function filesForDocker(
  place: string,
  unreadable: string,
): Promise<Awaited<ReturnType<typeof dockerFilesProbe.look>>> {
  const bin = join(folder, place, "bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "docker"), "", { mode: 0o755 });
  const base = fakeRuntime({ env: { PATH: bin } });
  const exec: Exec = async (argv) => {
    if (argv[1] === "version") return { exitCode: 0, stdout: "28.0.0", stderr: "" };
    const file = argv[argv.indexOf("--env-file") + 1] ?? "";
    await access(file);
    const denied = unreadable !== "" && file.includes(unreadable);
    const stderr = denied ? `docker: open ${file}: permission denied` : "No such image: labs/none:doctor";
    return { exitCode: 125, stdout: "", stderr };
  };
  const paths = { ...base.paths, home: join(folder, ".state", "labs"), data: join(folder, ".share", "labs") };
  return dockerFilesProbe.look({ ...base, exec, paths });
}

describe("files for docker", () => {
  it("misses what a snap cannot read, and leaves nothing behind", async () => {
    expect(await filesForDocker("snap", "/.share/")).toMatchObject({
      level: "missing",
      found: `${folder}/snap/bin/docker is a snap and cannot read ${folder}/.share/labs`,
      cure: expect.stringContaining("sudo snap remove docker"),
    });
    expect(await readdir(folder)).toEqual(["snap"]);
  });

  it("is fine with a snap that reads them, and does not try any other docker", async () => {
    expect((await filesForDocker("snap", "")).level).toBe("ok");
    expect(await filesForDocker("usr", "/")).toEqual({ level: "ok", found: "docker is no snap and reads any folder" });
  });
});

describe("without an engine", () => {
  it("names the command that this user can type, also when dockerd lies where only root looks", async () => {
    const bin = join(folder, "bin");
    await mkdir(join(folder, "sbin"));
    await writeFile(join(folder, "sbin", "dockerd"), "", { mode: 0o755 });
    const cure = async (uid: number) => {
      const base = fakeRuntime({ exec: noEngine, env: { PATH: bin } });
      return (await examine({ ...base, host: { ...base.host, uid } }, [engineProbe]))[0]?.cure;
    };
    expect(await cure(1000)).toBe("sudo systemctl start docker");
    expect(await cure(0)).toBe("systemctl start docker");
  });
});

describe("disk", () => {
  it("judges the fullest place", () => {
    const places = new Map([
      ["/data", 50 * GiB],
      ["/var/lib/docker", 3 * GiB],
    ]);
    expect(judgeDisk({ program: "labs" }, places)).toMatchObject({
      level: "warn",
      found: "3.0 GiB free in /var/lib/docker",
    });
    expect(judgeDisk({ program: "labs" }, new Map([["/data", 1 * GiB]])).level).toBe("missing");
    expect(judgeDisk({ program: "labs" }, new Map([["/data", 9 * GiB]])).level).toBe("ok");
  });
});

describe("inotify limits", () => {
  it("names exactly the limit to raise", async () => {
    expect((await inotify(8192)).level).toBe("ok");
    expect(await inotify(128)).toMatchObject({
      level: "warn",
      cure: "sudo sysctl -w fs.inotify.max_user_instances=8192",
    });
  });

  it("does not judge an engine on another machine by this one", async () => {
    expect((await inotify(128, { env: { DOCKER_HOST: "tcp://10.0.0.1:2375" } })).level).toBe("ok");
  });
});

describe("privileged containers", () => {
  it("misses a runtime where CAP_SYS_RESOURCE is out of reach", async () => {
    expect((await privileged("000001fffeffffff", "runc")).level).toBe("missing");
    expect((await privileged("000001fffeffffff", "labs-runc")).level).toBe("ok");
    expect((await privileged("000001ffffffffff", "runc")).level).toBe("ok");
  });
});

describe("doctor", () => {
  it("reports everything and exits with 3 when the engine is missing", async () => {
    const out = fakeSink();
    const base = fakeRuntime({ exec: noEngine, out, env: { PATH: "/nowhere" } });
    const rt = { ...base, paths: { ...base.paths, data: folder, manifests: folder, goApp: folder } };
    expect(await doctor(rt, { json: true })).toBe(3);
    const report = JSON.parse(out.text());
    expect(report.ready).toBe(false);
    expect(report.findings.map((finding: { id: string }) => finding.id)).toEqual(probes.map(({ id }) => id));
    const kind = report.findings.find((finding: { id: string }) => finding.id === "kind");
    expect(kind).toEqual({ id: "kind", name: "kind", level: "missing", found: "no kind v0.33.0", cure: "labs setup" });
  });

  it("prints ids that docs/machines.md explains, each once", async () => {
    const page = await readFile(join(import.meta.dirname, "../../docs/machines.md"), "utf8");
    const explained = [...page.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, id = ""]) => id);
    expect(explained.toSorted()).toEqual(probes.map(({ id }) => id).toSorted());
  });
});
