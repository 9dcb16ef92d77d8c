import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { lastLineOf } from "../../lib/errors.ts";
import type { Runtime } from "../../runtime.ts";
import { imageLabel } from "../engine.ts";
import { buildImage } from "../node-image/context.ts";
import { pulledLabel } from "../node-image/fit.ts";
import { pullImage, type Pulled } from "../node-image/pull.ts";
import { withProgress } from "../progress.ts";
import { recipeLabel } from "../../images/versions.ts";
import type { BaseImage } from "../../images/base-images.ts";

/** What a registry has in place of the packages of each base image, for amd64 and arm64: the same Debian, the same Go, the same busybox. */
export type PulledBases = Readonly<Record<BaseImage["name"], string | undefined>>;

/** The official images, by the digest of their index. */
export const pulledBases: PulledBases = {
  debian: "debian:13-slim@sha256:d7e12182ce18b85b93007c1dedf31f2d29e01ccf3182cc4017c709b6259bc132",
  busybox: "busybox:1.37.0-musl@sha256:5cec3fc171c87218698e85a52af7087de727372aae264a787b8112901a5b0092",
  golang: "golang:1.26.6-trixie@sha256:b75d466dd608587fd66cca705a307ba65b889827d06ad61d6a75f0482b51b7c7",
};

/** Where the Dockerfiles lie. */
export function baseImageFolder(rt: Pick<Runtime, "paths">): string {
  return join(rt.paths.manifests, "base-images");
}

/** Programs that a recipe has from a package and an official image has not: taken out of another pulled image. */
const borrowed: Readonly<Record<string, string>> = { debian: "COPY --from=labs-busybox /bin/busybox /usr/bin/busybox" };

/** The recipe of a base image on top of a pulled one: the same settings and commands, without the files that come from packages. */
async function recipeOnPulled(rt: Pick<Runtime, "paths">, image: BaseImage): Promise<string> {
  const recipe = await readFile(join(baseImageFolder(rt), `${image.name}.Dockerfile`), "utf8");
  const lines = recipe.split("\n").filter((line) => !/^(ADD|COPY|FROM) /.test(line));
  const borrow = borrowed[image.name];
  return [
    "ARG BASE",
    ...(borrow === undefined ? [] : ["ARG BUSYBOX", "FROM ${BUSYBOX} AS labs-busybox"]),
    "FROM ${BASE}",
    ...(borrow === undefined ? [] : [borrow]),
    ...lines,
  ].join("\n");
}

/** Digest of what decides a base image that is made from a pulled one. */
export async function pulledBaseDigest(
  rt: Pick<Runtime, "paths">,
  image: BaseImage,
  bases: PulledBases = pulledBases,
): Promise<string> {
  const from = [bases[image.name], borrowed[image.name] === undefined ? "" : bases["busybox"]];
  const text = JSON.stringify([from, await recipeOnPulled(rt, image)]);
  return `pulled-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}

/** Makes a base image from pulled ones. What cannot be pulled or is no fit gives a reason; only Ctrl-C throws. */
export async function pullBaseImage(
  rt: Runtime,
  image: BaseImage,
  note: (text: string) => void,
  bases: PulledBases = pulledBases,
): Promise<Pulled> {
  const wanted = {
    BASE: bases[image.name],
    ...(borrowed[image.name] === undefined ? {} : { BUSYBOX: bases["busybox"] }),
  };
  const args: Record<string, string> = {};
  const remove: string[] = [];
  try {
    for (const [arg, ref] of Object.entries(wanted)) {
      if (ref === undefined) return { ok: false, why: `no registry has ${image.name}` };
      const here = (await imageLabel(rt, ref, recipeLabel)) !== undefined;
      const pulled = here ? ({ ok: true } as const) : await pullImage(rt, ref, note);
      if (!pulled.ok) return pulled;
      // By a name without a digest: for those, no builder asks a registry.
      const name = `labs-build/${image.name}-${arg.toLowerCase()}:${rt.host.pid}`;
      await rt.exec(["docker", "tag", ref, name]);
      remove.push(name, ...(here ? [] : [ref]));
      args[arg] = name;
    }
    const building = buildImage(rt, {
      tag: image.ref,
      dockerfile: { text: await recipeOnPulled(rt, image) },
      args,
      files: {},
      labels: { [recipeLabel]: await pulledBaseDigest(rt, image, bases), [pulledLabel]: bases[image.name] ?? "" },
    });
    await withProgress(rt, building, { expectedSeconds: image.go === true ? 200 : 10, now: () => image.ref, note });
    return { ok: true };
  } catch (error) {
    if (rt.signal.aborted) throw error;
    return { ok: false, why: lastLineOf(error) };
  } finally {
    const limits = { signal: new AbortController().signal, timeoutMs: 60_000 };
    if (remove.length > 0) await rt.exec(["docker", "rmi", ...remove], { allowFailure: true, ...limits });
  }
}
