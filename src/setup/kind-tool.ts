import { createHash } from "node:crypto";
import { chmod, copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { environmentError, messageOf } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { cached } from "./cache.ts";
import { ensureGo, findGo } from "./go-toolchain.ts";
import { compileModule, goArch } from "./node-image/compile.ts";
import { kindModule } from "./node-image/modules.ts";
import { kindReleases, versions } from "./versions.ts";
import { isExecutable, which } from "./which.ts";

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

async function download(rt: Runtime, platform: string, draft: string): Promise<void> {
  const wanted = kindReleases[platform];
  if (wanted === undefined) throw environmentError(`kind has no release for ${platform}`);
  const url = `https://github.com/kubernetes-sigs/kind/releases/download/${versions.kind}/kind-${platform}`;
  const response = await fetch(url, { signal: AbortSignal.any([rt.signal, AbortSignal.timeout(120_000)]) });
  if (!response.ok) throw environmentError(`${url} answered ${response.status}`);
  const content = Buffer.from(await response.arrayBuffer());
  const got = createHash("sha256").update(content).digest("hex");
  if (got !== wanted) throw environmentError(`${url} has SHA-256 ${got}, expected ${wanted}`);
  await writeFile(draft, content);
}

/** Installs kind into our data folder: compiled from the pinned module, else the release with its SHA-256. */
export async function installKind(rt: Runtime, note: (text: string) => void): Promise<string> {
  const target = { os: rt.host.platform, arch: goArch(rt) };
  const compile = async (go: string, draft: string): Promise<void> => {
    await copyFile(join(await compileModule(rt, go, kindModule, target, note), "kind"), draft);
  };
  return cached(rt, ownKind(rt), async (draft) => {
    const go = await findGo(rt);
    if (go !== undefined) {
      await compile(go, draft);
    } else {
      try {
        note("downloading the release");
        await download(rt, `${target.os}-${target.arch}`, draft);
      } catch (error) {
        if (rt.signal.aborted) throw error;
        note(`no release (${messageOf(error)}): compiling it`);
        await compile(await ensureGo(rt, note), draft);
      }
    }
    await chmod(draft, 0o755);
  });
}
