import { z } from "zod";
import { containerName } from "../../sandbox/sandbox.ts";
import { defineAction } from "../action.ts";

/** Holds a container still until the experiment is over, control and all, so that its own traffic is not measured with ours. */
export const pause = defineAction({
  name: "pause",
  summary: "Hold a container still until the experiment is over",
  providers: ["docker"],
  params: z.strictObject({ container: z.string() }),
  async run({ container }, { sandbox, journal }) {
    const name = containerName(sandbox, container);
    // The journal has it first, and lets it go on when the experiment ends.
    await journal.open({ undo: "unpause", params: { name }, sentence: `container ${name} goes on` });
    await sandbox.docker.pause(name);
    return { finished: true, detail: `${container} is held still` };
  },
});
