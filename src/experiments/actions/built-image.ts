import { z } from "zod";
import { DockerError } from "../../docker/docker-error.ts";
import type { ContainerSpec, Docker } from "../../docker/docker.ts";
import { builtImage } from "../../lab/read/images.ts";

/** The container of the lab whose build an action is about, by short name. */
export const built = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, "name a container of the lab that is built from the workspace")
  .describe("A container that is built from the workspace: take what `build` made of it");

/** Name of the image that an experiment builds; the learner's own has another tag. */
export function experimentImage(sandbox: { readonly name: string }, container: string): string {
  return `${builtImage(sandbox.name, container)}:experiment`;
}

/** The engine made the container and could not start its program: that is the image's doing. */
const notStarted = new RegExp(
  [
    "OCI runtime|runc|exec:|executable file not found|no command specified|permission denied",
    // A USER whom the image's own /etc/passwd does not know, or a number that nobody can have.
    "unable to find (user|group)|no matching entries|uids and gids must be",
  ].join("|"),
  "i",
);

/** Starts a container; a sentence where its image has no program that can be started. */
export async function startContainer(docker: Docker, spec: ContainerSpec): Promise<string | undefined> {
  try {
    await docker.run(spec);
    return undefined;
  } catch (error) {
    if (!(error instanceof DockerError) || error.unreachable || !notStarted.test(error.message)) throw error;
    return `it could not be started: ${error.message.slice(0, 300)}`;
  }
}
