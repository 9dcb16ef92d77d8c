import { goAppImage } from "../setup/versions.ts";

/** Images that setup provides, by the names labs use. Nothing else can be started: a sandbox has no way to a registry. */
export const labImages: readonly string[] = [goAppImage];

/** Why a lab may not use an image; undefined when it may. */
export function imageProblem(image: string): string | undefined {
  if (labImages.includes(image)) return undefined;
  const tag = /:([^/:@]+)$/.exec(image)?.[1];
  if (image.includes("@sha256:")) return `image ${image} is not provided by setup; known: ${labImages.join(", ")}`;
  if (tag === undefined || tag === "latest") return `image ${image} is not pinned: it means :latest`;
  return `image ${image} is not provided by setup; known: ${labImages.join(", ")}`;
}
