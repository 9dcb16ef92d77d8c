import { access, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Docker, ImageFacts } from "../../src/docker/docker.ts";
import type { Exec } from "../../src/lib/exec.ts";
import { build } from "../../src/experiments/actions/build.ts";
import { unpack } from "../../src/experiments/actions/unpack.ts";
import { removeImage } from "../../src/experiments/undo/docker.ts";
import { workspaceDir } from "../../src/session/workspace.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { fakeLab } from "../fakes/lab.ts";
import { fakeDockerSandbox } from "../fakes/sandbox.ts";
import { runtimeAtHome } from "../fakes/scene.ts";

const facts: ImageFacts = { id: "sha256:1", sizeBytes: 12e6, user: "65532", labels: {} };
const container = {
  name: "web",
  part: "base",
  image: "labs-abc123-web",
  build: "workspace",
  env: {},
  args: [],
} as const;

/** A folder that was handed over, and an engine that has what was built from it. */
async function scene(exec: Exec, parts: Partial<Docker> = {}) {
  const { rt } = await runtimeAtHome({ exec });
  await mkdir(workspaceDir(rt));
  await writeFile(join(workspaceDir(rt), "Dockerfile"), "FROM scratch\n");
  const docker = fakeDocker([], { image: async () => facts, ...parts });
  const lab = fakeLab({ containers: [container] });
  return fakeActionContext({ rt, lab, sandbox: fakeDockerSandbox({ docker }) });
}

/** A machine with or without BuildKit, and with what it refuses to build. */
const machine =
  (buildx: boolean, refused: readonly string[] = [], ran: string[] = []): Exec =>
  async (argv) => {
    if (argv.join(" ") === "docker buildx inspect") {
      return { exitCode: buildx ? 0 : 1, stdout: "Driver: docker\n", stderr: "" };
    }
    const program = argv.slice(1, argv[1] === "buildx" ? 3 : 2).join(" ");
    ran.push(program);
    return { exitCode: refused.includes(program) ? 1 : 0, stdout: "", stderr: `${program}: RUN false` };
  };

test("build takes BuildKit where there is one, and writes the image down before it is made", async () => {
  const ran: string[] = [];
  const context = await scene(machine(true, [], ran));
  expect(await build.run?.(build.params.parse({ container: "web" }), context)).toEqual({
    finished: true,
    detail: "workspace built in 0 s (buildkit), 12 MB",
    targets: ["web"],
    data: { container: "web", image: "sha256:1", sizeBytes: 12e6, builder: "buildkit", seconds: 0 },
  });
  expect(ran).toEqual(["buildx build"]);
  expect(context.noted.opened.map(({ undo, params }) => [undo, params["name"]])).toEqual([
    ["remove-image", "labs-abc123-web:experiment"],
  ]);
});

test.each([
  { buildx: true, refused: [], builder: "buildkit" },
  { buildx: true, refused: ["build"], builder: "buildkit" },
  { buildx: true, refused: ["buildx build"], builder: "classic" },
  { buildx: false, refused: ["buildx build"], builder: "classic" },
])("a folder is built when one builder can: $builder, without $refused", async ({ buildx, refused, builder }) => {
  const context = await scene(machine(buildx, refused));
  expect(await build.run?.(build.params.parse({ container: "web" }), context)).toMatchObject({
    finished: true,
    data: { builder },
  });
});

test("build gives files other texts for itself only, and leaves no copy of the folder", async () => {
  const seen: string[] = [];
  let folder = "";
  const exec: Exec = async (argv) => {
    if (argv[1] === "build") {
      folder = argv.at(-1) ?? "";
      seen.push(await readFile(join(folder, "edition"), "utf8"), await readFile(join(folder, "Dockerfile"), "utf8"));
    }
    return { exitCode: argv[1] === "buildx" ? 1 : 0, stdout: "", stderr: "" };
  };
  const context = await scene(exec);
  const edition = join(workspaceDir(context.rt), "edition");
  await writeFile(edition, "spring\n");
  const given = build.params.parse({ container: "web", files: { edition: "autumn\n" } });
  expect(await build.run?.(given, context)).toMatchObject({ finished: true });
  expect(seen).toEqual(["autumn\n", "FROM scratch\n"]);
  expect(await readFile(edition, "utf8")).toBe("spring\n");
  await expect(access(folder)).rejects.toThrow("ENOENT");
});

test("build is not finished by a folder that is gone", async () => {
  const context = await scene(machine(false));
  await rm(workspaceDir(context.rt), { recursive: true });
  const given = build.params.parse({ container: "web", files: { edition: "autumn\n" } });
  expect(await build.run?.(given, context)).toMatchObject({
    finished: false,
    detail: "workspace does not build (classic): there is no Dockerfile",
  });
});

test("build takes files at the top of the folder, and nothing outside", () => {
  expect(build.params.safeParse({ container: "web", files: { "../edition": "" } }).success).toBe(false);
});

test.each([
  { buildx: false, detail: "workspace does not build (classic): build: RUN false" },
  { buildx: true, detail: "workspace does not build (buildkit): buildx build: RUN false" },
])("build is not finished by a folder that no builder builds: $detail", async ({ buildx, detail }) => {
  const context = await scene(machine(buildx, ["build", "buildx build"]));
  expect(await build.run?.(build.params.parse({ container: "web" }), context)).toEqual({ finished: false, detail });
});

test("unpack lists files, never starts the image, and leaves no archive", async () => {
  const argvs: string[][] = [];
  const modes = "-rwxr-xr-x 0/0 9 app\ndrwsr-xr-x 0/0 0 etc/\n-rw-r--r-- 0/0 9 etc/passwd\n-rwsr-xr-x 0/0 9 su\n";
  const exec: Exec = async (argv) => {
    argvs.push([...argv]);
    return { exitCode: 0, stdout: argv[1] === "-tvf" ? modes : "app\netc/\netc/passwd\nsu\n", stderr: "" };
  };
  const context = await scene(exec, { create: async (spec) => fakeContainer({ name: spec.name, status: "created" }) });
  const given = unpack.params.parse({ built: "web", beside: "labs/golang:1.26" });
  expect(await unpack.run?.(given, context)).toEqual({
    finished: true,
    detail: "3 files, 12.0 MB, user 65532",
    targets: ["web"],
    data: { files: ["app", "etc/passwd", "su"], setuid: ["su"], sizeBytes: 12e6, user: "65532", besideBytes: 12e6 },
  });
  expect(argvs.map(([program, verb]) => `${program} ${verb}`)).toEqual(["docker export", "tar -tf", "tar -tvf"]);
  expect(context.noted.opened).toMatchObject([{ undo: "remove-container" }]);
});

/** An image whose own list of users is all that is in it. */
const listing: Exec = async ([, verb]) => ({
  exitCode: 0,
  stdout: verb === "-xOf" ? "root:x:0:0::/root:/bin/sh\nweb:x:0:0::/:/bin/sh\n" : "etc/passwd\n",
  stderr: "",
});

test.each([
  ["web", { uid: "0" }],
  ["web:staff", { uid: "0" }],
  ["nobody", {}],
  ["65532:65532", {}],
])("unpack looks up the number of user %s", async (user, found) => {
  const image = async () => ({ ...facts, user });
  const context = await scene(listing, { image, create: async (spec) => fakeContainer({ name: spec.name }) });
  const outcome = await unpack.run?.(unpack.params.parse({ built: "web" }), context);
  expect(outcome?.data).toEqual({ files: ["etc/passwd"], setuid: [], sizeBytes: 12e6, user, ...found });
});

test("unpack is not finished without an image, and errs without the one beside it", async () => {
  const none = await scene(machine(false), { image: async () => undefined });
  expect(await unpack.run?.(unpack.params.parse({ built: "web" }), none)).toMatchObject({ finished: false });
  const alone = await scene(machine(false), { image: async (ref) => (ref === "other:1" ? undefined : facts) });
  await expect(unpack.run?.(unpack.params.parse({ built: "web", beside: "other:1" }), alone)).rejects.toThrow(
    "the image other:1 is missing",
  );
});

test("an image that is gone already is no reason not to go on", async () => {
  const sandbox = fakeDockerSandbox({ docker: fakeDocker([], { removeImage: async () => false }) });
  await expect(removeImage.run({ name: "labs-abc123-web:experiment" }, sandbox)).resolves.toBeUndefined();
});
