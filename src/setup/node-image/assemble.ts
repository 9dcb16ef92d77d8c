import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Runtime } from "../../runtime.ts";
import { cachePath } from "../cache.ts";
import { builtNodeImage, recipeLabel, versions } from "../../images/versions.ts";
import { buildImage, type ContextFiles } from "./context.ts";
import { listKubeadmImages, planInnerImages, type InnerImage } from "./inner-images.ts";
import type { KindFiles } from "./kind-files.ts";

/** What the earlier steps made: the folder of programs by module, and the Debian root. */
export interface NodeParts {
  readonly programs: Readonly<Record<string, string>>;
  readonly root: string;
  readonly kind: KindFiles;
}

/** Label of the images that exist only while a node image is put together. */
const stageLabel = "dev.labs.stage";

function recipe(rt: Runtime, ...parts: string[]): string {
  return join(rt.paths.manifests, "node-image", ...parts);
}

function programOf(parts: NodeParts, program: string): string {
  const [module = "", file = ""] = program.split("/");
  return join(parts.programs[module] ?? "", file);
}

async function buildBase(rt: Runtime, parts: NodeParts, tag: string): Promise<void> {
  const files: Record<string, ContextFiles[string]> = {
    "root.tar": { from: parts.root },
    kind: { from: parts.kind.overlay },
    "kind/kind/version": { text: versions.kubernetes },
    "kind/kind/manifests/default-storage.yaml": { text: parts.kind.storageManifest },
    overlay: { from: recipe(rt, "overlay") },
    scripts: { from: recipe(rt, "scripts") },
    bin: { from: parts.programs["containerd"] ?? "" },
    cni: { from: parts.programs["cni"] ?? "" },
  };
  for (const program of ["kubeadm", "kubelet", "kubectl"]) {
    files[`kubernetes/${program}`] = { from: programOf(parts, `kubernetes/${program}`) };
  }
  await buildImage(rt, {
    tag,
    dockerfile: recipe(rt, "images", "base.Dockerfile"),
    files,
    labels: { [stageLabel]: "base" },
  });
}

async function buildInner(rt: Runtime, parts: NodeParts, image: InnerImage, tag: string, base: string): Promise<void> {
  const files: Record<string, ContextFiles[string]> = {};
  for (const program of image.programs) files[`bin/${program.split("/")[1]}`] = { from: programOf(parts, program) };
  await buildImage(rt, {
    tag,
    base,
    dockerfile: recipe(rt, "images", `${image.dockerfile}.Dockerfile`),
    files,
    labels: { [stageLabel]: "inner" },
  });
}

/** Puts the images into the base as kind does it: containerd inside takes them in, then the container becomes the image. */
async function importAndCommit(
  rt: Runtime,
  work: string,
  base: string,
  names: ReadonlyMap<string, string>,
  digest: string,
): Promise<void> {
  const archive = cachePath(rt, `${work}.tar`);
  const docker = (...argv: string[]) => rt.exec(["docker", ...argv], { timeoutMs: 1200_000 });
  try {
    await docker("save", "-o", archive, ...names.keys());
    await docker(
      "run",
      "-d",
      "--name",
      work,
      "--network",
      "none",
      "--security-opt",
      "seccomp=unconfined",
      "--entrypoint",
      "sleep",
      base,
      "infinity",
    );
    await docker("cp", archive, `${work}:/images.tar`);
    const pairs = [...names].flatMap(([from, to]) => [`docker.io/${from}`, to]);
    await docker("exec", work, "bash", "/recipe/import-images.sh", ...pairs);
    const entrypoint = 'ENTRYPOINT [ "/usr/local/bin/entrypoint", "/sbin/init" ]';
    const changes = [entrypoint, "CMD []", `LABEL ${recipeLabel}=${digest}`, `LABEL ${stageLabel}=done`];
    await docker("commit", ...changes.flatMap((change) => ["--change", change]), work, builtNodeImage);
  } finally {
    await rm(archive, { force: true });
  }
}

/** Makes the node image from its parts and removes every other image and container that this took, also after a failure. */
export async function assembleNodeImage(
  rt: Runtime,
  parts: NodeParts,
  digest: string,
  note: (text: string) => void,
): Promise<void> {
  const work = `labs-node-build-${rt.host.pid}`;
  const base = `labs-build/base:${digest}`;
  const names = new Map<string, string>();
  try {
    note("the base");
    await buildBase(rt, parts, base);
    for (const image of planInnerImages(await listKubeadmImages(rt, parts.programs["kubernetes"] ?? ""), parts.kind)) {
      note(image.ref);
      const tag = `labs-build/${image.ref.split(":")[0]?.split("/").at(-1)}:${digest}`;
      await buildInner(rt, parts, image, tag, base);
      names.set(tag, image.ref);
    }
    note("importing the images");
    await importAndCommit(rt, work, base, names, digest);
  } finally {
    const { signal } = new AbortController();
    const quietly = (...argv: string[]) =>
      rt.exec(["docker", ...argv], { allowFailure: true, signal, timeoutMs: 120_000 });
    await quietly("rm", "-f", "-v", work);
    await quietly("rmi", base, ...names.keys());
    // What the builder left without a name; only its own images carry the label.
    await quietly("image", "prune", "-f", "--filter", `label=${stageLabel}`);
  }
}
