import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Exec } from "../../src/lib/exec.ts";
import { createRuntime } from "../../src/host.ts";
import type { Runtime } from "../../src/runtime.ts";
import { imageLabel } from "../../src/setup/engine.ts";
import { pullImage } from "../../src/setup/node-image/pull.ts";
import { nodeImageSteps } from "../../src/setup/node-image/steps.ts";
import { describeDocker } from "./docker-engine.ts";
import { startRegistry, type Registry } from "./pull-registry.ts";

const host = createRuntime(new AbortController().signal);
const docker = (...argv: string[]) => host.exec(["docker", ...argv]);
const quiet = { note: () => undefined };

let folder: string;
let registry: Registry | undefined;
let repository: string;
let pushed: string;
const fitted: string[] = [];

/** What is pulled here is no node. It is taken for one that was fitted; test/integration/pulled-image-kind.test.ts does that. */
const takeAsFit: Exec = async (argv, options) => {
  const tag = argv[argv.indexOf("-t") + 1] ?? "";
  const recipe = argv.find((one) => one.startsWith("dev.labs.recipe=")) ?? "";
  if (argv[1] !== "build" || !tag.startsWith("labs/node:pulled-")) return host.exec(argv, options);
  await host.exec(["docker", "build", "--label", recipe, "-t", tag, join(folder, "image")]);
  fitted.push(tag);
  return { exitCode: 0, stdout: "", stderr: "" };
};

/** This host with a recipe of its own, so that no node image of the machine matches, and nothing built before. */
async function freshHost(exec: Exec = takeAsFit): Promise<Runtime> {
  const bin = join(folder, "bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "debootstrap"), "");
  await chmod(join(bin, "debootstrap"), 0o755);
  const env = { ...host.env, PATH: `${bin}${delimiter}${host.env["PATH"] ?? ""}` };
  const paths = { ...host.paths, manifests: join(folder, "manifests"), data: join(folder, "data") };
  return { ...host, exec, env, paths, host: { ...host.host, platform: "linux", uid: 0 } };
}

describeDocker("the node image", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "labs-pull-"));
    await cp(host.paths.manifests, join(folder, "manifests"), { recursive: true });
    await writeFile(join(folder, "manifests", "node-image", "another"), "recipe");
    registry = await startRegistry(host);
    if (registry === undefined) throw new Error("no registry: install docker-registry");
    repository = `${registry.address}/labs-test/node`;
    await mkdir(join(folder, "image"));
    // Its address makes the image another one than that of any earlier run.
    await writeFile(join(folder, "image", "Dockerfile"), `FROM scratch\nCOPY Dockerfile /\nENV FROM=${repository}\n`);
    await docker("build", "-t", `${repository}:v1.36.1`, join(folder, "image"));
    await docker("push", `${repository}:v1.36.1`);
    const { stdout } = await docker(
      "image",
      "inspect",
      "--format",
      "{{index .RepoDigests 0}}",
      `${repository}:v1.36.1`,
    );
    pushed = stdout.trim();
    await docker("rmi", "-f", `${repository}:v1.36.1`, pushed);
  });

  afterAll(async () => {
    await host.exec(["docker", "rmi", "-f", pushed, ...fitted], { allowFailure: true });
    await registry?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("is pulled by digest, and then nothing is built", async () => {
    expect(pushed).toMatch(/@sha256:[0-9a-f]{64}$/);
    expect(await imageLabel(host, pushed, "any")).toBeUndefined();
    const ready: string[] = [];
    const [pull, ...build] = nodeImageSteps(await freshHost(), (ref) => ready.push(ref), pushed);
    expect(await pull?.skip?.()).toBe(false);
    await pull?.run(quiet);
    expect(ready).toEqual(fitted);
    expect(ready).toHaveLength(1);
    expect(await imageLabel(host, pushed, "any")).toBe("");
    expect(build.length).toBeGreaterThan(2);
    for (const step of build) expect(await step.skip?.()).toBe("not needed");
  });

  it("is not pulled again when it is there", async () => {
    await docker("pull", pushed);
    const asked: string[] = [];
    const rt = await freshHost(async (argv, options) => {
      asked.push(argv.slice(0, 2).join(" "));
      return takeAsFit(argv, options);
    });
    const ready: string[] = [];
    const [pull] = nodeImageSteps(rt, (ref) => ready.push(ref), pushed);
    if ((await pull?.skip?.()) === false) await pull?.run(quiet);
    expect(await pull?.skip?.()).toBe("already there");
    expect(asked).not.toContain("docker pull");
    expect(ready.at(-1)).toBe(fitted.at(-1));
  });

  it("is built when what was pulled is no kindest/node", async () => {
    await docker("pull", pushed);
    await host.exec(["docker", "rmi", "-f", ...fitted], { allowFailure: true });
    const notes: string[] = [];
    const [pull] = nodeImageSteps(await freshHost(host.exec), () => undefined, pushed);
    await pull?.run({ note: (text) => notes.push(text) });
    expect(notes.at(-1)).toMatch(/building from source instead: fitting it failed/);
  });

  it("is built when the registry does not have the digest", async () => {
    const absent = `${repository}@sha256:${"0".repeat(64)}`;
    const ready: string[] = [];
    // The engine and the registry are real; the build is stopped at its first command.
    const rt = await freshHost(async (argv, options) => {
      if (argv[0] === "debootstrap") throw new Error("the build has begun");
      return host.exec(argv, options);
    });
    const [pull, root] = nodeImageSteps(rt, (ref) => ready.push(ref), absent);
    expect(await pull?.skip?.()).toBe(false);
    const notes: string[] = [];
    await pull?.run({ note: (text) => notes.push(text) });
    expect(notes.at(-1)).toMatch(/building from source instead: .*(manifest unknown|not found)/);
    expect(await root?.skip?.()).toBe(false);
    await expect(root?.run(quiet)).rejects.toThrow("the build has begun");
    expect(ready).toEqual([]);
  });

  it("is given up in seconds when nothing listens, or what listens says nothing", async () => {
    const started = Date.now();
    const refused = await pullImage(host, `127.0.0.1:1/node@sha256:${"0".repeat(64)}`, quiet.note);
    expect(refused).toMatchObject({ ok: false, why: expect.stringContaining("refused") });
    expect(Date.now() - started).toBeLessThan(10_000);

    const held = new Set<Socket>();
    const silent = createServer((socket) => held.add(socket));
    await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
    const address = silent.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    try {
      const ref = `127.0.0.1:${address.port}/node@sha256:${"0".repeat(64)}`;
      const pulled = await pullImage(host, ref, quiet.note, { answerMs: 3000, stallMs: 3000 });
      expect(pulled).toEqual({ ok: false, why: "no progress for 3 s" });
      expect(held.size).toBeGreaterThan(0);
    } finally {
      for (const socket of held) socket.destroy();
      silent.close();
    }
  });
});
