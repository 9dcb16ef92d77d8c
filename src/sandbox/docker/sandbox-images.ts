import type { Docker, ImageState } from "../../docker/docker.ts";
import { removeFoundImages } from "../../docker/remove-images.ts";
import { sandboxFilter } from "./sandbox-name.ts";

/** Images of a sandbox: with its label, or under a name that begins with its own, whoever built them. */
async function imagesOf(docker: Docker, sandbox: string): Promise<ImageState[]> {
  const lists = await Promise.all([
    docker.images({ label: sandboxFilter(sandbox) }),
    docker.images({ reference: `${sandbox}-*` }),
  ]);
  return [...new Map(lists.flat().map((image) => [image.id, image])).values()];
}

/** Removes every image of a sandbox; returns how many went. */
export async function removeImages(docker: Docker, sandbox: string): Promise<number> {
  const own = ({ id, tags }: ImageState): readonly string[] =>
    tags.length === 0 ? [id] : tags.filter((tag) => tag.startsWith(`${sandbox}-`));
  return (await removeFoundImages(docker, () => imagesOf(docker, sandbox), own)).length;
}
