import type { Runtime } from "../../runtime.ts";
import type { Step } from "../../ui/steps.ts";
import { baseImagesOf, type BaseImageName } from "../../images/base-images.ts";
import { makeBaseImage } from "./build.ts";
import { hasBaseImage } from "./find.ts";

/** Gets base images on first need, each skipped when it is there. */
export function baseImageSteps(rt: Runtime, names: readonly BaseImageName[]): readonly Step[] {
  return baseImagesOf(names).map((image) => ({
    title: `Base image: ${image.ref} (about ${image.go === true ? 4 : 1} min when cold)`,
    skip: async () => ((await hasBaseImage(rt, image)) ? "already there" : false),
    run: (step) => makeBaseImage(rt, image, (text) => step.note(text)),
  }));
}
