import type { Docker, ImageState } from "../docker/docker.ts";
import { baseImages } from "../images/base-images.ts";
import { builtNodeImage, goAppImage, pulledNodeImage, recipeLabel } from "../images/versions.ts";

/** Which images of an engine are ours to remove. */
export interface OurImages {
  /** Labels that only our images carry. */
  readonly labels: readonly string[];
  /** Repositories under which we make images. */
  readonly repositories: readonly string[];
  /** Images of others that we pulled, by digest. */
  readonly pulled: readonly string[];
  /** True for a name that we gave. An image of ours may have others, which are somebody's own. */
  owns(name: string): boolean;
}

const repository = (ref: string): string => ref.replace(/:[^/:]+$/, "");
const repositories = [goAppImage, builtNodeImage, ...baseImages.map(({ ref }) => ref)].map(repository);
const withoutTag = pulledNodeImage.replace(/:[^@/]+@/, "@");

/** Everything that set-up builds or pulls. */
export const ourImages: OurImages = {
  labels: [recipeLabel, "dev.labs.stage"],
  repositories: [...new Set(repositories), "labs-build/*"],
  pulled: [pulledNodeImage],
  owns: (name) => repositories.includes(repository(name)) || name.startsWith("labs-build/") || name === withoutTag,
};

/** The images of ours that the engine has, with their names; pulled ones under their digest. */
export async function findOurImages(docker: Docker, ours: OurImages): Promise<readonly ImageState[]> {
  const lists = await Promise.all([
    ...ours.labels.map((label) => docker.images({ label })),
    ...ours.repositories.map((reference) => docker.images({ reference })),
  ]);
  const found = new Map(lists.flat().map((image) => [image.id, image]));
  for (const ref of ours.pulled) {
    const image = await docker.image(ref);
    if (image === undefined) continue;
    const tags = found.get(image.id)?.tags ?? [];
    found.set(image.id, { id: image.id, tags: [...tags, ref.replace(/:[^@/]+@/, "@")] });
  }
  return [...found.values()];
}
