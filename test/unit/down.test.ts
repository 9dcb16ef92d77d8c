import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { down } from "../../src/commands/down.ts";
import type { Docker, ImageState, NetworkState } from "../../src/docker/docker.ts";
import type { Runtime } from "../../src/runtime.ts";
import { homeId, networkLabels } from "../../src/sandbox/home-id.ts";
import { staleClustersProbe } from "../../src/sandbox/probes/stale-clusters.ts";
import { fakeContainer } from "../fakes/docker.ts";
import { fakeRuntime, fakeSink } from "../fakes/runtime.ts";
import { strict } from "../fakes/strict.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "labs-down-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const at = (home: string) => ({ paths: { home } });
/** The Docker sandbox of a home. */
const nameOf = (home: string): string => `labs-${homeId(at(home))}`;

interface Place {
  readonly home: string;
  readonly status?: "running" | "paused" | "exited";
  /** Made before networks told their home. */
  readonly old?: boolean;
}

/** An engine with the Docker sandboxes of these homes, with one container each, and images. */
function engine(places: readonly Place[], images: readonly ImageState[] = [], used: readonly string[] = []) {
  const left = new Map(places.map((place) => [nameOf(place.home), place]));
  let there = [...images];
  const network = (name: string): NetworkState | undefined => {
    const place = left.get(name);
    if (place === undefined) return undefined;
    const { ["dev.labs.home-path"]: path = "", ...rest } = networkLabels(at(place.home), name);
    const labels = place.old === true ? rest : { ...rest, "dev.labs.home-path": path };
    return { id: name, name, labels, internal: true, subnet: undefined, gateway: undefined, containers: [] };
  };
  const container = (name: string) =>
    fakeContainer({
      name: `${name}-agent`,
      status: left.get(name)?.status ?? "running",
      labels: networkLabels(at(left.get(name)?.home ?? ""), name),
    });
  const docker = strict<Docker>("docker", {
    network: async (name) => network(name),
    networks: async (label) =>
      [...left.keys()]
        .filter((name) => label === "dev.labs.home" || label === `dev.labs.home=${name.slice(5, 11)}`)
        .flatMap((name) => network(name) ?? []),
    containers: async ({ label, network: on }) => {
      if (on !== undefined) return left.has(on) ? [container(on)] : [];
      const sandbox = /^dev\.labs\.sandbox=(.*)$/.exec(label ?? "")?.[1];
      return sandbox !== undefined && left.has(sandbox) ? [container(sandbox)] : [];
    },
    remove: async () => true,
    removeNetwork: async (name) => left.delete(name),
    volumes: async () => [],
    images: async ({ label, reference }) =>
      there.filter(({ tags }) =>
        reference === undefined ? label === "dev.labs.recipe" : tags.some((tag) => tag.startsWith(`${reference}:`)),
      ),
    image: async () => undefined,
    removeImage: async (ref) => {
      if (used.includes(ref)) return false;
      const before = JSON.stringify(there);
      there = there
        .map(({ id, tags }) => ({ id, tags: tags.filter((tag) => tag !== ref) }))
        .filter(({ tags }) => tags.length > 0);
      return JSON.stringify(there) !== before;
    },
  });
  return { docker, sandboxes: () => [...left.keys()], images: () => there.flatMap(({ tags }) => tags) };
}

/** An engine that answers. */
const exec: Runtime["exec"] = async () => ({ exitCode: 0, stdout: "28.0.0", stderr: "" });

function runtime(docker: Docker, parts: Partial<Runtime> = {}) {
  const out = fakeSink();
  const err = fakeSink();
  const base = fakeRuntime({ docker: async () => docker, exec, out, err, ask: async () => undefined, ...parts });
  const home = join(dir, "mine");
  const paths = { ...base.paths, home, data: join(dir, "data"), kubeconfig: join(home, "kubeconfig") };
  return { rt: { ...base, paths, host: { ...base.host, pid: process.pid } }, out, err };
}

const mine = (): string => join(dir, "mine");
const ann = "/home/ann/.local/state/labs";

describe("labs down", () => {
  it("removes this home's sandboxes and asks nobody", async () => {
    const { docker, sandboxes } = engine([{ home: mine() }, { home: ann }]);
    expect(await down(runtime(docker).rt, {})).toBe(0);
    expect(sandboxes()).toEqual([nameOf(ann)]);
  });

  it("--all without a terminal names others' sandboxes and the flag, and removes nothing", async () => {
    const { docker, sandboxes } = engine([{ home: mine() }, { home: ann }]);
    await expect(down(runtime(docker).rt, { all: true })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(`${nameOf(ann)} (running, of ${ann})`),
      cure: expect.stringContaining("labs down --all --yes"),
    });
    expect(sandboxes()).toHaveLength(2);
  });

  it.each([
    ["y", 0],
    ["n", 2],
    ["", 2],
  ])("--all asks, and with the answer %o leaves %i", async (answer, left) => {
    const { docker, sandboxes } = engine([{ home: mine() }, { home: ann, status: "exited" }]);
    const { rt, err } = runtime(docker, { ask: async () => answer });
    expect(await down(rt, { all: true })).toBe(0);
    expect(err.text()).toContain(`${nameOf(ann)} (stopped, of ${ann})`);
    expect(sandboxes()).toHaveLength(left);
  });

  it("--all asks for nothing that is parked, and --yes for nothing at all", async () => {
    const parked = engine([{ home: ann, status: "paused" }]);
    expect(await down(runtime(parked.docker).rt, { all: true })).toBe(0);
    expect(parked.sandboxes()).toEqual([]);
    const running = engine([{ home: ann }]);
    expect(await down(runtime(running.docker).rt, { all: true, yes: true })).toBe(0);
    expect(running.sandboxes()).toEqual([]);
  });

  it("--everything alone is no use", async () => {
    const { docker } = engine([]);
    await expect(down(runtime(docker).rt, { everything: true })).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe("labs down --purge", () => {
  const images: readonly ImageState[] = [
    { id: "sha256:1", tags: ["labs/go-app:v1", "mine/copy:1"] },
    { id: "sha256:2", tags: ["labs/node:v1.36.3"] },
    { id: "sha256:3", tags: ["labs-build/base:abc"] },
    { id: "sha256:4", tags: ["labs/debian:13"] },
  ];

  beforeEach(async () => {
    for (const folder of ["data/bin", "data/cache/go", "data/go-1.26.6", "mine/sessions/s1", "mine/workspace.kept"]) {
      await mkdir(join(dir, folder), { recursive: true });
    }
    await writeFile(join(dir, "mine", "kubeconfig"), "");
  });

  it("without a terminal and --yes is refused", async () => {
    const { docker, images: left } = engine([], images);
    await expect(down(runtime(docker).rt, { purge: true })).rejects.toMatchObject({
      exitCode: 2,
      cure: "labs down --purge --yes",
    });
    expect(left()).toHaveLength(5);
    expect(await readdir(join(dir, "data"))).toHaveLength(3);
  });

  it("says what it takes, and takes all but what the person wrote, did and named", async () => {
    const { docker, images: left, sandboxes } = engine([{ home: mine() }], images, ["labs/debian:13"]);
    const { rt, out, err } = runtime(docker, { ask: async () => "yes" });
    expect(await down(rt, { purge: true })).toBe(0);
    expect(err.text()).toContain("labs-build/base:abc, labs/debian:13, labs/go-app:v1, labs/node:v1.36.3");
    expect(err.text()).toContain(join(dir, "data"));
    expect(sandboxes()).toEqual([]);
    expect(left()).toEqual(["mine/copy:1", "labs/debian:13"]);
    expect(out.text()).toContain("kept     labs/debian:13: a container uses it");
    expect(out.text()).toContain(`kept     ${join(dir, "mine", "sessions")}`);
    expect(await readdir(dir)).toEqual(["mine"]);
    expect((await readdir(mine())).sort()).toEqual([".labs", "sessions", "workspace.kept"]);
  });

  it("--everything leaves no file", async () => {
    const { docker } = engine([], images);
    const { rt, out } = runtime(docker);
    expect(await down(rt, { purge: true, everything: true, yes: true, json: true })).toBe(0);
    expect(JSON.parse(out.text())).toMatchObject({ kept: [] });
    expect(await readdir(dir)).toEqual([]);
  });
});

const answers = async () => ({ exitCode: 0, stdout: "28.0.0\n", stderr: "" });

async function look(places: readonly Place[]) {
  const { docker } = engine(places);
  await mkdir(mine(), { recursive: true });
  return staleClustersProbe.look(runtime(docker, { exec: answers }).rt);
}

describe("the doctor's row of stale clusters", () => {
  it("is content with one's own, and with what others use or keep warm", async () => {
    const theirs = join(dir, "theirs");
    await mkdir(theirs);
    const found = await look([{ home: mine() }, { home: theirs, status: "paused" }, { home: ann, status: "running" }]);
    expect(found.level).toBe("ok");
    expect(found.found).toContain(`${nameOf(mine())} in use`);
    expect(found.found).toContain(`${nameOf(ann)} (running, of ${ann})`);
    expect(found.cure).toBeUndefined();
  });

  it.each([
    ["of a folder that is gone", { home: "/nowhere/labs" }, "LABS_HOME=/nowhere/labs labs down"],
    [
      "of nobody knows whom",
      { home: "/nowhere/labs", old: true },
      `docker rm -fv $(docker ps -aq --filter network=${nameOf("/nowhere/labs")}); docker network rm ${nameOf("/nowhere/labs")}`,
    ],
  ])("names one %s with a cure that takes nothing else, though others run", async (_of, place, cure) => {
    expect(
      await look([
        { ...place, status: "paused" },
        { home: ann, status: "running" },
      ]),
    ).toMatchObject({
      level: "warn",
      cure,
    });
  });

  it("names this home's when its folder is gone", async () => {
    const { docker } = engine([{ home: mine() }]);
    expect(await staleClustersProbe.look(runtime(docker, { exec: answers }).rt)).toMatchObject({
      level: "warn",
      cure: "labs down",
    });
  });
});
