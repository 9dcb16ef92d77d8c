import type { Docker, ImageState } from "./docker.ts";

/**
 * Removes images by the refs that `own` gives of each: names first, as somebody may have given an image another name, and that is theirs. An image
 * can only go after what was made from it, so this goes on as long as something goes. Returns the refs that went.
 */
export async function removeFoundImages(
  docker: Docker,
  find: () => Promise<readonly ImageState[]>,
  own: (image: ImageState) => readonly string[],
): Promise<string[]> {
  const removed: string[] = [];
  for (;;) {
    let went = false;
    for (const image of await find()) {
      for (const ref of own(image)) {
        if (!(await docker.removeImage(ref))) continue;
        removed.push(ref);
        went = true;
      }
    }
    if (!went) return removed;
  }
}
