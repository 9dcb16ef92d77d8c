import type { Runtime } from "../runtime.ts";
import type { BaseImageName } from "../images/base-images.ts";
import { findGoAppImage } from "./go-app-image.ts";
import { findKind } from "./kind-tool.ts";
import { findKubectl } from "./kubectl-tool.ts";
import { findNodeImage } from "./node-image/find.ts";

/** What labs run with: paths of the tools, references of the images. */
export interface Tools {
  readonly kind: string;
  readonly kubectl: string;
  readonly nodeImage: string;
  readonly goAppImage: string;
}

/** What a command is about to need; the sample service's image always. */
export interface Needs {
  readonly kind?: boolean;
  /** Base images that Dockerfiles start from. */
  readonly images?: readonly BaseImageName[];
}

/** The tools that are there. Looks only: installs nothing, builds nothing. */
export async function findTools(rt: Runtime): Promise<Partial<Tools>> {
  const [kind, kubectl, nodeImage, goApp] = await Promise.all([
    findKind(rt),
    findKubectl(rt),
    findNodeImage(rt),
    findGoAppImage(rt),
  ]);
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(kubectl === undefined ? {} : { kubectl }),
    ...(nodeImage === undefined ? {} : { nodeImage }),
    ...(goApp === undefined ? {} : { goAppImage: goApp }),
  };
}

/** The whole set, or undefined when something that is needed is missing. What is not needed may be an empty text. */
export function complete(found: Partial<Tools>, needs: Needs): Tools | undefined {
  const { kind = "", kubectl = "", nodeImage = "", goAppImage = "" } = found;
  if (goAppImage === "") return undefined;
  if (needs.kind === true && (kind === "" || kubectl === "" || nodeImage === "")) return undefined;
  return { kind, kubectl, nodeImage, goAppImage };
}
