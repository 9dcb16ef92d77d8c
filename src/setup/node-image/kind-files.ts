import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { environmentError } from "../../lib/errors.ts";
import type { Runtime } from "../../runtime.ts";
import { goEnv } from "../go-toolchain.ts";
import { versions } from "../../images/versions.ts";
import { moduleFolder } from "./compile.ts";

/** What a node image takes from kind's own module. */
export interface KindFiles {
  /** Folder whose files lie over the root of a node. */
  readonly overlay: string;
  /** The manifest of the default storage class. */
  readonly storageManifest: string;
  readonly storageImage: string;
  readonly storageHelperImage: string;
  /** Image of the container that holds a pod's namespaces, as containerd's settings name it. */
  readonly pauseImage: string;
}

function found(text: string, pattern: RegExp, what: string): string {
  const match = pattern.exec(text)?.[1];
  if (match === undefined) throw environmentError(`kind ${versions.kind} has no ${what} where it used to be`);
  return match;
}

/** Reads kind's Go source: constants, and the manifest between backticks that they are put into. */
export function parseStorage(
  source: string,
): Pick<KindFiles, "storageManifest" | "storageImage" | "storageHelperImage"> {
  const storageImage = found(source, /^const storageProvisionerImage = "(.+)"$/m, "storage image");
  const storageHelperImage = found(source, /^const storageHelperImage = "(.+)"$/m, "storage helper image");
  const start = source.indexOf("const defaultStorageManifest = `");
  if (start < 0) throw environmentError(`kind ${versions.kind} has no storage manifest where it used to be`);
  const storageManifest = source
    .slice(source.indexOf("`", start) + 1)
    .replaceAll("` + storageProvisionerImage + `", storageImage)
    .replaceAll("` + storageHelperImage + `", storageHelperImage);
  return {
    storageImage,
    storageHelperImage,
    storageManifest: storageManifest.slice(0, storageManifest.lastIndexOf("`")),
  };
}

/** Finds kind's node files in the module that the recipe pins. */
export async function readKindFiles(rt: Runtime, go: string): Promise<KindFiles> {
  const options = { cwd: moduleFolder(rt, "kind"), env: goEnv };
  await rt.exec([go, "mod", "download", "sigs.k8s.io/kind"], options);
  const { stdout } = await rt.exec([go, "list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/kind"], options);
  const module = stdout.trim();
  const overlay = join(module, "images/base/files");
  const containerd = await readFile(join(overlay, "etc/containerd/config.toml"), "utf8");
  return {
    overlay,
    ...parseStorage(await readFile(join(module, "pkg/build/nodeimage/const_storage.go"), "utf8")),
    pauseImage: found(containerd, /^\s*sandbox_image = "(.+)"$/m, "pause image"),
  };
}
