import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import type { Docker } from "../docker/docker.ts";
import { removeFoundImages } from "../docker/remove-images.ts";
import type { Runtime } from "../runtime.ts";
import { withSetupLock } from "./ensure-ready.ts";
import { findOurImages, ourImages, type OurImages } from "./our-images.ts";

/** What set-up and labs keep in the data folder. */
const dataNames: readonly RegExp[] = [/^bin$/, /^cache$/, /^go-\d/, /^kubectl-/, /^(setup|measurement)\.lock/];

/** What was removed and what stays, with the reason, as people are told. */
export interface Purged {
  readonly removed: readonly string[];
  readonly kept: readonly string[];
}

async function purgeImages(docker: Docker, ours: OurImages): Promise<Purged> {
  const own = (image: { readonly id: string; readonly tags: readonly string[] }): readonly string[] =>
    image.tags.length === 0 ? [image.id] : image.tags.filter((tag) => ours.owns(tag));
  const removed = await removeFoundImages(docker, () => findOurImages(docker, ours), own);
  const left = (await findOurImages(docker, ours)).filter(({ tags }) => tags.some((tag) => ours.owns(tag)));
  return {
    removed: removed.filter((ref) => !ref.startsWith("sha256:")),
    kept: left.flatMap(({ tags }) => tags.filter((tag) => ours.owns(tag)).map((tag) => `${tag}: a container uses it`)),
  };
}

async function purgeData({ paths: { data } }: Runtime): Promise<Purged> {
  const files = await readdir(data).catch((): string[] => []);
  const own = files.filter((file) => dataNames.some((name) => name.test(file)));
  for (const file of own) await rm(join(data, file), { recursive: true, force: true });
  // Others' files in it, if there are any, keep it.
  const kept = files.filter((file) => !own.includes(file)).map((file) => join(data, file));
  return { removed: own.length === 0 ? [] : [data], kept };
}

/** What a purge would take, a line each. */
export async function purgePlan(rt: Runtime, everything: boolean, ours: OurImages = ourImages): Promise<string[]> {
  const found = await findOurImages(await rt.docker(), ours);
  const names = found.flatMap(({ tags }) => tags.filter((tag) => ours.owns(tag)));
  const rest = everything ? "with what you wrote and the records of your sessions" : "but what you wrote and did";
  return [
    ...(names.length === 0 ? [] : [`images: ${names.sort().join(", ")} (other homes on this engine use the same)`]),
    `tools and caches in ${rt.paths.data}`,
    `your state in ${rt.paths.home}, ${rest}`,
  ];
}

/** Removes images, tools and caches of labs. What a container still uses stays, and is named. State is the session's part. */
export async function purge(rt: Runtime, note: (text: string) => void, ours: OurImages = ourImages): Promise<Purged> {
  const { removed, kept } = await withSetupLock(rt, async () => {
    note("images");
    const images = await purgeImages(await rt.docker(), ours);
    note("tools and caches");
    const data = await purgeData(rt);
    return { removed: [...images.removed, ...data.removed], kept: [...images.kept, ...data.kept] };
  });
  await rmdir(rt.paths.data).catch(() => undefined);
  return { removed, kept };
}
