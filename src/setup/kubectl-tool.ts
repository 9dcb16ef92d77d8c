import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { environmentError, lastLineOf, messageOf } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { cached } from "./cache.ts";
import { download } from "./download.ts";
import { goArch } from "./node-image/compile.ts";
import { kubectlReleases, versions } from "../images/versions.ts";
import { isExecutable, which } from "./which.ts";

function minorOf(version: string): number | undefined {
  const match = /^v1\.(\d+)\./.exec(version);
  return match === null ? undefined : Number(match[1]);
}

/** True for a kubectl that its makers support with our clusters: at most one minor version away. */
export function isNear(version: string): boolean {
  const ours = minorOf(versions.kubernetes);
  const theirs = minorOf(version);
  return ours !== undefined && theirs !== undefined && Math.abs(ours - theirs) <= 1;
}

/** Named kubectl, in a folder of its own: that folder comes first on PATH in labs shell. */
function ownKubectl(rt: Pick<Runtime, "paths">): string {
  return join(rt.paths.data, `kubectl-${versions.kubernetes.split(".").slice(0, 2).join(".")}`, "kubectl");
}

/** The gitVersion that a kubectl reports; undefined when it cannot be run. */
export async function kubectlVersion(rt: Runtime, path: string): Promise<string | undefined> {
  const result = await rt.exec([path, "version", "--client", "-o", "json"], { allowFailure: true, timeoutMs: 10_000 });
  if (result.exitCode !== 0) return undefined;
  try {
    return z.object({ clientVersion: z.object({ gitVersion: z.string() }) }).parse(JSON.parse(result.stdout))
      .clientVersion.gitVersion;
  } catch {
    return undefined;
  }
}

/** A kubectl that fits: the one set-up copied, or a near enough one on PATH. */
export async function findKubectl(rt: Runtime): Promise<string | undefined> {
  // Copied only when PATH had none that fits; asking that one again would cost each command its start.
  if (await isExecutable(ownKubectl(rt))) return ownKubectl(rt);
  const onPath = await which(rt, "kubectl");
  if (onPath === undefined) return undefined;
  const version = await kubectlVersion(rt, onPath);
  return version !== undefined && isNear(version) ? onPath : undefined;
}

async function copyFromImage(rt: Runtime, nodeImage: string, draft: string): Promise<void> {
  const name = `labs-kubectl-${rt.host.pid}`;
  try {
    await rt.exec(["docker", "create", "--name", name, nodeImage]);
    await rt.exec(["docker", "cp", `${name}:/usr/bin/kubectl`, draft]);
    await chmod(draft, 0o755);
    // The engine's machine may be of another kind than this one.
    if ((await kubectlVersion(rt, draft)) === undefined) throw new Error("the node image's kubectl does not run here");
  } finally {
    const limits = { signal: new AbortController().signal, timeoutMs: 60_000 };
    await rt.exec(["docker", "rm", "-f", "-v", name], { allowFailure: true, ...limits });
  }
}

/** Installs kubectl into our data folder: on Linux out of the node image, which needs no network; else the release with its SHA-256. */
export async function installKubectl(rt: Runtime, nodeImage: string, note: (text: string) => void): Promise<string> {
  return cached(rt, ownKubectl(rt), async (draft) => {
    let notCopied = "";
    if (rt.host.platform === "linux") {
      try {
        return await copyFromImage(rt, nodeImage, draft);
      } catch (error) {
        if (rt.signal.aborted) throw error;
        notCopied = `${lastLineOf(error)}; `;
      }
    }
    const platform = `${rt.host.platform}-${goArch(rt)}`;
    try {
      const sha256 = kubectlReleases[platform];
      if (sha256 === undefined) throw environmentError(`kubectl has no release for ${platform}`);
      const url = `https://dl.k8s.io/release/${versions.kubernetes}/bin/${platform.replace("-", "/")}/kubectl`;
      await download(rt, { url, sha256 }, draft, note);
      await chmod(draft, 0o755);
    } catch (error) {
      if (rt.signal.aborted) throw error;
      const how = rt.host.platform === "darwin" ? "brew install kubectl" : "https://kubernetes.io/docs/tasks/tools/";
      throw environmentError(`no kubectl that fits: ${notCopied}${messageOf(error)}`, {
        cure: `put kubectl ${versions.kubernetes} on PATH: ${how}`,
        cause: error,
      });
    }
  });
}
