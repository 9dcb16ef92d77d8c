import { z } from "zod";
import { workload, workloadText } from "../../lab/workload.ts";
import type { ActionContext } from "../action.ts";
import { observe } from "../../lib/poll.ts";
import { workloadReadiness } from "../../system/settle.ts";
import { clusterOf } from "../../sandbox/capabilities.ts";
import { workloadState } from "../../kube/workload.ts";
import { getWorkload } from "../../system/workload.ts";

/** What a pipeline must have done to the sandbox: a workload and its pods carry what the run was given. */
export const effect = z.strictObject({
  workload,
  namespace: z.string(),
  annotation: z.string().default("dev.labs/release").describe("On the workload and on its pods"),
});

/** What `effect` parses. */
export type Effect = z.infer<typeof effect>;

const annotated = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).default({}) }).prefault({}),
});

function valueOf(value: unknown, annotation: string): string | undefined {
  return annotated.parse(value).metadata.annotations[annotation];
}

/** Undefined when the workload carries `value` and is rolled out with it; else what is there instead. */
export async function effectProblem(
  context: Pick<ActionContext, "sandbox" | "rt" | "progress">,
  { workload: ref, namespace, annotation }: Effect,
  value: string,
  withinMs: number,
): Promise<string | undefined> {
  const { sandbox } = context;
  const name = `${workloadText(ref)} in ${namespace}`;
  const object = await getWorkload(clusterOf(sandbox).kube, ref, namespace);
  if (object === undefined) return `${name} does not exist`;
  const seen = [valueOf(object, annotation), valueOf(workloadState(object).template, annotation)];
  const other = seen.find((one) => one !== value);
  // The run is over: what it has not written by now it never will.
  if (other !== undefined || seen.includes(undefined)) return `${name} carries ${other ?? "no release"}, not ${value}`;
  const waited = await observe(
    context.rt,
    async () => {
      const { problem } = await workloadReadiness({ sandbox, namespace }, ref);
      return problem === undefined ? { done: true, value: undefined } : { done: false, seen: problem };
    },
    { withinMs, onLook: context.progress },
  );
  return waited.ok ? undefined : `${name} is not rolled out: ${waited.seen}`;
}
