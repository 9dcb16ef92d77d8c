// Part of every build: writes dist/engine.json, a digest for each part of the engine that a lab can rest on: each check type, each action, each
// provider, and the core that all labs share. A part is a compiled file with all that it imports; comments do not count. The walk ends at the
// four registries, as what hangs on them is a part of its own, and at set-up: what it installs is pinned in src/images, which is counted.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { filesBelow } from "../dist/setup/digest.js";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");

const registries = new Set(
  ["checks/registry.js", "experiments/registry.js", "sandbox/providers.js", "scenario/open-scenario.js"].map((file) =>
    join(dist, file),
  ),
);

/** Built or downloaded, and tests: nothing of it runs in a lab. */
const derived = /(^|\/)(prebuilt|testdata)\/|_test\.go$/;

const sources = new Map();
async function source(file) {
  if (!sources.has(file)) sources.set(file, readFile(file, "utf8"));
  return (await sources.get(file)).replace(/^\/\/# sourceMappingURL=.*$/m, "");
}

async function importsOf(file) {
  const names = [...(await source(file)).matchAll(/(?:\bfrom|\bimport\(|^import)\s*"(\.[^"]+\.js)"/gm)];
  return names.map(([, name]) => join(dirname(file), name));
}

async function closure(files) {
  const seen = new Set();
  const queue = [...files];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (seen.has(file) || registries.has(file) || file.startsWith(join(dist, "setup/"))) continue;
    seen.add(file);
    queue.push(...(await importsOf(file)));
  }
  return [...seen];
}

async function digest(files) {
  const hash = createHash("sha256");
  for (const file of files.toSorted()) {
    const content = file.startsWith(dist) ? await source(file) : await readFile(file);
    hash
      .update(`${relative(root, file)}\0`)
      .update(content)
      .update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

async function filesOf(folder) {
  return (await filesBelow(join(root, folder))).map((file) => join(root, folder, file));
}

/** Code with what it imports, and folders of data that it puts into a sandbox. */
async function part(code, folders = []) {
  const data = (await Promise.all(folders.map(filesOf))).flat().filter((file) => !derived.test(relative(root, file)));
  return digest([...(await closure(code.map((file) => join(dist, file)))), ...data]);
}

/** Each member of a registry with the file that exports it. */
async function members(registry, list) {
  const known = (await import(join(dist, registry)))[list];
  const files = await importsOf(join(dist, registry));
  const exported = await Promise.all(files.map(async (file) => [file, Object.values(await import(file))]));
  return known.map((member) => {
    const file = exported.find(([, values]) => values.includes(member))?.[0];
    if (file === undefined) throw new Error(`${registry}: nobody exports ${member.name}`);
    return [member.name, relative(dist, file)];
  });
}

const parts = {
  core: await part(["verify/verify.js"]),
  kind: await part(
    ["sandbox/kind/provider.js", "scenario/kind/kind-scenario.js", "images/versions.js"],
    ["go-app", "manifests/agent", "manifests/go-app", "manifests/node-image", "manifests/pulled-node"],
  ),
  docker: await part(
    ["sandbox/docker/provider.js", "scenario/docker/docker-scenario.js", "images/versions.js", "images/base-images.js"],
    ["go-app", "manifests/go-app", "manifests/base-images"],
  ),
};
for (const [name, file] of await members("checks/registry.js", "checkTypes"))
  parts[`check ${name}`] = await part([file]);
for (const [name, file] of await members("experiments/registry.js", "actionTypes")) {
  parts[`action ${name}`] = await part([file]);
}
await writeFile(join(dist, "engine.json"), `${JSON.stringify(parts, null, 2)}\n`);
