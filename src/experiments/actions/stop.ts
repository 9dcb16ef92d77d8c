import { z } from "zod";
import { environmentError } from "../../lib/errors.ts";
import { duration } from "../../lib/units.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import { defineAction } from "../action.ts";
import { containersOf } from "../../sandbox/capabilities.ts";

/** Stops a container as `docker stop` does; it is started again at the end of the experiment. */
export const stop = defineAction({
  name: "stop",
  summary: "Stop a container as `docker stop` does, and measure how it ends",
  needs: ["containers"],
  params: z.strictObject({
    container: workload,
    timeout: duration.prefault("10s").describe("SIGKILL comes after this"),
  }),
  async run(params, { sandbox, journal, rt }) {
    const { docker } = containersOf(sandbox);
    const short = params.container.name;
    const name = containerName(sandbox, short);
    const text = workloadText(params.container);
    const before = await docker.inspect(name);
    if (before?.status !== "running") return { finished: false, detail: `${text} is ${before?.status ?? "not there"}` };
    const sentence = `the container ${short}, which an experiment had stopped, was started again`;
    await journal.open({ undo: "start-container", params: { name }, sentence });
    const start = rt.clock.elapsed();
    await docker.stop(name, Math.ceil(params.timeout / 1000));
    const seconds = (rt.clock.elapsed() - start) / 1000;
    const after = await docker.inspect(name);
    if (after === undefined) throw environmentError(`${text} is gone after it was stopped`);
    const { exitCode, status } = after;
    return {
      finished: status === "exited",
      detail: `${text} ${status} after ${seconds.toFixed(1)} s with exit code ${exitCode}`,
      targets: [short],
      data: { seconds, exitCode },
    };
  },
});
