import { z } from "zod";
import { environmentError } from "../../errors.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import { defineAction } from "../action.ts";

const NAME = /^(?:container\/)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/** Freezes a container until the experiment is over, its control included: so nothing else uses the CPU that is measured. */
export const pause = defineAction({
  name: "pause",
  summary: "Freeze a container, for example the lab's own clients, until the experiment is over",
  providers: ["docker"],
  params: z.strictObject({
    container: z
      .string()
      .regex(NAME, "write the name of a container")
      .transform((text) => text.replace(/^container\//, "")),
  }),
  async accompany({ container }, { sandbox, journal }) {
    const name = containerName(sandbox, container);
    const state = await sandbox.docker.inspect(name);
    const outcome = { finished: true, detail: `${container} was frozen`, targets: [container] };
    // Frozen already, by the learner: then thawing it is not ours to do.
    if (state?.status === "paused") return { steady: () => Promise.resolve(), end: () => Promise.resolve(outcome) };
    if (state?.status !== "running") {
      throw environmentError(`container ${container} cannot be frozen, it is ${state?.status ?? "not there"}`);
    }
    const sentence = `the container ${container}, which an experiment had frozen, goes on`;
    await journal.open({ undo: "unpause", params: { name }, sentence });
    await sandbox.docker.pause(name);
    return { steady: () => Promise.resolve(), end: () => Promise.resolve(outcome) };
  },
});
