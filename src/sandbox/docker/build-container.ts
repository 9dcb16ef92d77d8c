import { environmentError } from "../../lib/errors.ts";
import type { LabContainer } from "../../lab/lab.ts";
import type { Runtime } from "../../runtime.ts";
import { workspaceDir } from "../../session/workspace.ts";
import { buildFolder } from "./build-image.ts";
import { sandboxLabels } from "./sandbox-name.ts";

/** A cold build compiles a small program at most. */
const timeoutMs = 300_000;

/** Builds the image of a lab's container from the workspace as it is now. It must build: a lab whose image does not is no lab. */
export async function buildContainer(
  rt: Runtime,
  sandbox: { readonly name: string },
  { name, image, build = "" }: LabContainer,
): Promise<void> {
  const labels = sandboxLabels(sandbox.name);
  const built = await buildFolder(rt, "classic", { tag: image, dir: workspaceDir(rt, build), labels, timeoutMs });
  if (built.ok) return;
  throw environmentError(`the image of container ${name} could not be built: ${built.said}`, {
    cure: `docker build ${workspaceDir(rt, build)}`,
  });
}
