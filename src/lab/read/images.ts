import { baseImagesOf, type BaseImageName } from "../../images/base-images.ts";
import { goAppImage } from "../../images/versions.ts";

/** Images that setup provides, by the names labs use. Nothing else can be started: a sandbox has no way to a registry. */
export const labImages: readonly string[] = [goAppImage];

/** The image of a container that is built from the workspace. The learner may build it anew under the same name. */
export function builtImage(sandbox: string, container: string): string {
  return `${sandbox}-${container}`;
}

/** Why a lab that names these base images may not use an image; undefined when it may. */
export function imageProblem(image: string, bases: readonly BaseImageName[] = []): string | undefined {
  const known = [...labImages, ...baseImagesOf(bases).map(({ ref }) => ref)];
  if (known.includes(image)) return undefined;
  const tag = /:([^/:@]+)$/.exec(image)?.[1];
  if (image.includes("@sha256:")) return `image ${image} is not provided by setup; known: ${known.join(", ")}`;
  if (tag === undefined || tag === "latest") return `image ${image} is not pinned: it means :latest`;
  return `image ${image} is not provided by setup; known: ${known.join(", ")}`;
}
