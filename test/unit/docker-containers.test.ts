import { describe, expect, it } from "vitest";
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
