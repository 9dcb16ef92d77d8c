import { describe, expect, it } from "vitest";
import { DockerError } from "../../src/docker/docker-error.ts";
import type { ContainerSpec } from "../../src/docker/docker.ts";
import { cloneSpec } from "../../src/sandbox/docker/clone-container.ts";
import { changedContainer, layContainers } from "../../src/sandbox/docker/containers.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";

const sandbox = { name: "labs-abc123" };
const raw = { Config: { User: "65532" }, HostConfig: { CpusetCpus: "0", CpuShares: 0, NetworkMode: "labs-abc123" } };
const source = fakeContainer({
  name: "labs-abc123-shop",
  env: { GOMAXPROCS: "16", PORT: "8080" },
  args: ["serve"],
  nanoCpus: 1_500_000_000,
  memoryBytes: 1024,
  raw,
});
const shop = { name: "shop", part: "base", image: "i", env: { A: "1", B: "2" }, args: ["serve"], cpus: 1 } as const;
const dep = { name: "dep", part: "stage", image: "i", env: {}, args: ["dep"] } as const;

describe("a clone", () => {
  it("copies all that its source runs with, by content of the image", () => {
    expect(cloneSpec(sandbox, source, { name: "control" })).toEqual({
      name: "labs-abc123-control",
      image: "sha256:1111",
      entrypoint: ["/app"],
      args: ["serve"],
      env: { GOMAXPROCS: "16", PORT: "8080" },
      labels: { "dev.labs.home": "abc123", "dev.labs.sandbox": "labs-abc123" },
      network: "labs-abc123",
      aliases: ["control"],
      cpus: 1.5,
      memoryBytes: 1024,
      user: "65532",
      cpusetCpus: "0",
    });
  });

  it("loses the quota, and only that, with cpus: null", () => {
    const { cpus, ...rest } = cloneSpec(sandbox, source, { name: "control" });
    expect(cpus).toBe(1.5);
    expect(cloneSpec(sandbox, source, { name: "control", cpus: null })).toEqual(rest);
  });

  it("has no quota where its source has none", () => {
    expect(cloneSpec(sandbox, { ...source, nanoCpus: 0 }, { name: "control" })).not.toHaveProperty("cpus");
  });

  it("merges the environment", () => {
    const spec = cloneSpec(sandbox, source, { name: "control", cpus: 2, env: { GOMAXPROCS: "1" } });
    expect(spec).toMatchObject({ cpus: 2, env: { GOMAXPROCS: "1", PORT: "8080" } });
  });
});

describe("the containers of a lab", () => {
  it("are laid down stage first, each in place of what had its name", async () => {
    const calls: string[] = [];
    const docker = fakeDocker([], {
      remove: async (name) => calls.push(`remove ${name}`) < 0,
      run: async (spec: ContainerSpec) => {
        calls.push(`run ${spec.name}`);
        return fakeContainer({ name: spec.name });
      },
    });
    await layContainers({ ...sandbox, docker }, [shop, dep]);
    expect(calls).toEqual([
      "remove labs-abc123-dep",
      "run labs-abc123-dep",
      "remove labs-abc123-shop",
      "run labs-abc123-shop",
    ]);
  });

  it("may not take the agent's name", async () => {
    const place = { ...sandbox, docker: fakeDocker() };
    await expect(layContainers(place, [{ ...shop, name: "agent" }])).rejects.toMatchObject({ exitCode: 2 });
  });

  it("take a fault as merged env and replaced rest", () => {
    expect(changedContainer(shop, { cpus: 0.5, env: { B: "3" }, args: ["sleep", "1"] })).toEqual({
      ...shop,
      cpus: 0.5,
      env: { A: "1", B: "3" },
      args: ["sleep", "1"],
    });
  });
});

describe("a container that is built", () => {
  const web = { name: "web", part: "base", image: "labs-abc123-web", build: "workspace", env: {}, args: [] } as const;

  /** An engine that makes containers and starts them by `start`; notes what was done. */
  function engine(start: () => Promise<void>) {
    const did: string[] = [];
    const made = fakeContainer({ name: "labs-abc123-web", status: "created" });
    const docker = fakeDocker([made], {
      remove: async (name) => did.push(`remove ${name}`) > 0,
      create: async (spec) => {
        did.push(`create ${spec.image}`);
        return made;
      },
      start,
    });
    const build = async ({ image }: { readonly image: string }) => void did.push(`build ${image}`);
    return { did, lay: () => layContainers({ ...sandbox, docker }, [web], build) };
  }

  it("is made from a new build, and stays when its program cannot be started", async () => {
    const { did, lay } = engine(() => Promise.reject(new DockerError("exec format error", { status: 400 })));
    expect(await lay()).toMatchObject([{ name: "labs-abc123-web", status: "created" }]);
    expect(did).toEqual(["build labs-abc123-web", "remove labs-abc123-web", "create labs-abc123-web"]);
  });

  it("is not laid by an engine that does not answer", async () => {
    const { lay } = engine(() => Promise.reject(new DockerError("no answer", { unreachable: true })));
    await expect(lay()).rejects.toThrow("no answer");
  });
});
