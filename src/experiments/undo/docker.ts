import { z } from "zod";
import type { UndoType } from "./undo.ts";
import { containersOf } from "../../sandbox/capabilities.ts";

const container = z.strictObject({ name: z.string() });

function type<Params>(undo: UndoType<Params>): UndoType<Params> {
  return undo;
}

/** Removes a container of ours. */
export const removeContainer = type({
  name: "remove-container",
  params: container,
  async run({ name }, sandbox) {
    await containersOf(sandbox).docker.remove(name);
  },
});

/** Takes the name off an image that an experiment built. What has no name goes with the lab: until then it makes the next build fast. */
export const removeImage = type({
  name: "remove-image",
  params: container,
  async run({ name }, sandbox) {
    await containersOf(sandbox).docker.removeImage(name);
  },
});

/** Starts a container that an experiment stopped. */
export const startContainer = type({
  name: "start-container",
  params: container,
  async run({ name }, sandbox) {
    const { docker } = containersOf(sandbox);
    const state = await docker.inspect(name);
    if (state?.status === "exited" || state?.status === "created") await docker.start(name);
  },
});

/** Lets a paused container go on. */
export const unpauseContainer = type({
  name: "unpause",
  params: container,
  async run({ name }, sandbox) {
    const { docker } = containersOf(sandbox);
    const state = await docker.inspect(name);
    if (state?.status === "paused") await docker.unpause(name);
  },
});
