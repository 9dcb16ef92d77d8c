import { createHash } from "node:crypto";
import { join } from "node:path";
import { messageOf } from "../../lib/errors.ts";
import type { Runtime } from "../../runtime.ts";
import { digestOf } from "../digest.ts";
import { imageLabel } from "../engine.ts";
import { recipeLabel, versions } from "../../images/versions.ts";
import { buildImage } from "./context.ts";

/** Label of a fitted image: the pulled image that it was made from. */
export const pulledLabel = "dev.labs.pulled";

/** Label that every image of a fitting carries, also those without a name that a failed one leaves. */
const stage = "dev.labs.stage=fit";

/** A fitted image, or why there is none, as one line. */
export type Fitted = { readonly ok: true; readonly ref: string } | { readonly ok: false; readonly why: string };

/** Minor version of Kubernetes that every node image has to have, as in "v1.36". */
export const kubernetesMinor = versions.kubernetes.split(".").slice(0, 2).join(".");

/** The pulled node image that the user names in LABS_NODE_IMAGE; undefined when there is no such wish. */
export function namedNodeImage(rt: Pick<Runtime, "env">): string | undefined {
  const named = rt.env["LABS_NODE_IMAGE"]?.trim();
  return named === "" ? undefined : named;
}

const folders = (rt: Pick<Runtime, "paths">) => ({
  recipe: join(rt.paths.manifests, "pulled-node"),
  overlay: join(rt.paths.manifests, "node-image", "overlay"),
});

/** Digest of everything that is put into a pulled node image. */
async function fitDigest(rt: Pick<Runtime, "paths">): Promise<string> {
  const { recipe, overlay } = folders(rt);
  return digestOf(recipe, { overlay: await digestOf(overlay, {}), kubernetes: kubernetesMinor });
}

/** What tells a pulled image from every other one: the digest it is pinned to, else the id that it has here; undefined when it is not here. */
async function identityOf(rt: Runtime, ref: string): Promise<string | undefined> {
  const pinned = /@(sha256:[0-9a-f]{64})$/.exec(ref)?.[1];
  if (pinned !== undefined) return pinned;
  const argv = ["docker", "image", "inspect", "--format", "{{.Id}}", ref] as const;
  const { exitCode, stdout } = await rt.exec(argv, { allowFailure: true, timeoutMs: 20_000 });
  return exitCode === 0 ? stdout.trim() : undefined;
}

function fittedTag(identity: string, digest: string): string {
  return `labs/node:pulled-${createHash("sha256").update(`${identity} ${digest}`).digest("hex").slice(0, 8)}`;
}

/** The local image that was fitted from this pulled one with the recipe of today; undefined when there is none. */
export async function findFitted(rt: Runtime, ref: string): Promise<string | undefined> {
  const [identity, digest] = await Promise.all([identityOf(rt, ref), fitDigest(rt)]);
  if (identity === undefined) return undefined;
  const tag = fittedTag(identity, digest);
  return (await imageLabel(rt, tag, recipeLabel)) === digest ? tag : undefined;
}

function reason(error: unknown): string {
  const text = messageOf(error);
  const unfit = /\bunfit: (.+)$/m.exec(text)?.[1];
  return unfit ?? `fitting it failed: ${text.split("\n").findLast((line) => line.trim() !== "")}`.slice(0, 300);
}

/**
 * Makes a local image of a pulled kindest/node that is here: with the network unit of the built image, so that the clusters of both are alike.
 * Takes seconds and no network. An image that is no fit gives a reason; only Ctrl-C throws.
 */
export async function fitPulled(rt: Runtime, ref: string): Promise<Fitted> {
  const [identity, digest] = await Promise.all([identityOf(rt, ref), fitDigest(rt)]);
  if (identity === undefined) return { ok: false, why: "it is not here" };
  const tag = fittedTag(identity, digest);
  // By a name without a digest: for those, no builder asks a registry.
  const base = `labs-build/pulled:${tag.split("-").at(-1)}-${rt.host.pid}`;
  const { recipe, overlay } = folders(rt);
  const quietly = (...argv: string[]) =>
    rt.exec(["docker", ...argv], { allowFailure: true, signal: new AbortController().signal, timeoutMs: 60_000 });
  try {
    await rt.exec(["docker", "tag", ref, base]);
    await buildImage(rt, {
      tag,
      base,
      dockerfile: join(recipe, "Dockerfile"),
      files: {
        recipe: { from: recipe },
        "recipe/overlay": { from: overlay },
        "recipe/kubernetes": { text: kubernetesMinor },
      },
      labels: { [recipeLabel]: digest, [pulledLabel]: ref },
    });
    return { ok: true, ref: tag };
  } catch (error) {
    await quietly("image", "prune", "-f", "--filter", `label=${stage}`);
    if (rt.signal.aborted) throw error;
    return { ok: false, why: reason(error) };
  } finally {
    await quietly("rmi", base);
  }
}
