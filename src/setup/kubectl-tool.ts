import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { environmentError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { cached } from "./cache.ts";
import { versions } from "./versions.ts";
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

function ownKubectl(rt: Pick<Runtime, "paths">): string {
  return join(rt.paths.data, "bin", `kubectl-${versions.kubernetes.split(".").slice(0, 2).join(".")}`);
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

/** Copies kubectl out of the node image. */
export async function copyKubectl(rt: Runtime, nodeImage: string): Promise<string> {
  if (rt.host.platform !== "linux") {
    throw environmentError("there is no kubectl that fits", {
      cure: `install kubectl ${versions.kubernetes}: https://kubernetes.io/docs/tasks/tools/`,
    });
  }
  return cached(rt, ownKubectl(rt), async (draft) => {
    const name = `labs-kubectl-${rt.host.pid}`;
    try {
      await rt.exec(["docker", "create", "--name", name, nodeImage]);
      await rt.exec(["docker", "cp", `${name}:/usr/bin/kubectl`, draft]);
      await chmod(draft, 0o755);
    } finally {
      await rt.exec(["docker", "rm", "-f", "-v", name], { allowFailure: true, signal: AbortSignal.timeout(60_000) });
    }
  });
}
