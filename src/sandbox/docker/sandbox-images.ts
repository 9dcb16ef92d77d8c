import type { Docker, ImageState } from "../../docker/docker.ts";
import { sandboxFilter } from "./sandbox-name.ts";

/** Images of a sandbox: with its label, or under a name that begins with its own, whoever built them. */
async function imagesOf(docker: Docker, sandbox: string): Promise<ImageState[]> {
  const lists = await Promise.all([
    docker.images({ label: sandboxFilter(sandbox) }),
    docker.images({ reference: `${sandbox}-*` }),
  ]);
  return [...new Map(lists.flat().map((image) => [image.id, image])).values()];
}

/**
 * Removes every image of a sandbox; returns how many went. Names go first: a stage can only go after what was made from it, so this goes on
 * as long as something goes.
 */
export async function removeImages(docker: Docker, sandbox: string): Promise<number> {
  let removed = 0;
  for (;;) {
    const found = await imagesOf(docker, sandbox);
    let now = 0;
    for (const { id, tags } of found) {
      // By name where it has one: somebody may have given it another name too, and that is theirs.
      const own = tags.filter((tag) => tag.startsWith(`${sandbox}-`));
      for (const ref of tags.length === 0 ? [id] : own) if (await docker.removeImage(ref)) now++;
    }
    removed += now;
    if (now === 0) return removed;
  }
}
