import { chmod, copyFile } from "node:fs/promises";
import { join } from "node:path";
import { environmentError, lastLineOf, messageOf } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { cached } from "./cache.ts";
import { download } from "./download.ts";
import { ensureGo } from "./go-toolchain.ts";
import { compileModule, goArch } from "./node-image/compile.ts";
import { kindModule } from "./node-image/modules.ts";
import { kindReleases, versions } from "../images/versions.ts";
import { isExecutable, which } from "./which.ts";

const releases = "https://github.com/kubernetes-sigs/kind/releases/download";

function ownKind(rt: Pick<Runtime, "paths">): string {
  return join(rt.paths.data, "bin", `kind-${versions.kind}`);
}

/** kind of exactly our version: on PATH, or the one set-up installed. */
export async function findKind(rt: Runtime): Promise<string | undefined> {
  if (await isExecutable(ownKind(rt))) return ownKind(rt);
  const onPath = await which(rt, "kind");
  if (onPath === undefined) return undefined;
  const result = await rt.exec([onPath, "version"], { allowFailure: true, timeoutMs: 10_000 });
  return result.stdout.split(" ").includes(versions.kind) ? onPath : undefined;
}

/** Installs kind into our data folder: the release with its SHA-256, else compiled from the pinned module. */
export async function installKind(rt: Runtime, note: (text: string) => void): Promise<string> {
  const target = { os: rt.host.platform, arch: goArch(rt) };
  const platform = `${target.os}-${target.arch}`;
  const release = async (draft: string): Promise<void> => {
    const sha256 = kindReleases[platform];
    if (sha256 === undefined) throw environmentError(`kind has no release for ${platform}`);
    await download(rt, { url: `${releases}/${versions.kind}/kind-${platform}`, sha256 }, draft, note);
  };
  return cached(rt, ownKind(rt), async (draft) => {
    try {
      await release(draft);
    } catch (failure) {
      if (rt.signal.aborted) throw failure;
      const why = messageOf(failure);
      note(`compiling it: ${why}`);
      try {
        const go = await ensureGo(rt, note);
        await copyFile(join(await compileModule(rt, go, kindModule, target, note), "kind"), draft);
      } catch (error) {
        if (rt.signal.aborted) throw error;
        throw environmentError(
          `no kind ${versions.kind}: ${why}; it could not be compiled either: ${lastLineOf(error)}`,
          {
            cure: `let this machine reach github.com or proxy.golang.org, or put kind ${versions.kind} on PATH`,
            cause: error,
          },
        );
      }
    }
    await chmod(draft, 0o755);
  });
}
