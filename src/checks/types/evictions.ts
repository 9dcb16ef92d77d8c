import { z } from "zod";
import { type WorkloadRef, workload, workloadText } from "../../lab/workload.ts";
import { bounds, boundsText, isWithin } from "../../lib/compare.ts";
import { defineCheck, verdict } from "../check.ts";
import { acceptedOf, evictionsText, presentEvictions, recordedEvictions } from "../../system/eviction.ts";

const refused = z
  .strictObject({
    ...bounds.shape,
    by: z.literal("budget").optional().describe("Only refusals whose cause is a disruption budget count"),
  })
  .refine((value) => value.atLeast !== undefined || value.atMost !== undefined, "give atLeast, atMost or both");

const params = z
  .strictObject({
    of: workload.optional().describe("Looking: whose pods on worker nodes are asked for, in a dry run"),
    accepted: bounds.optional(),
    refused: refused.optional(),
  })
  .refine((given) => given.accepted !== undefined || given.refused !== undefined, "give accepted, refused or both");

type Params = z.infer<typeof params>;

function expectation({ accepted, refused: no }: Params): string {
  const parts = [
    ...(accepted === undefined ? [] : [`${boundsText(accepted)} accepted`]),
    ...(no === undefined ? [] : [`${boundsText(no)} refused${no.by === undefined ? "" : " by a disruption budget"}`]),
  ];
  return `evictions: ${parts.join(", ")}`;
}

function asked({ of }: Params): WorkloadRef {
  if (of === undefined) throw new Error("outside of an experiment, say of which workload");
  return of;
}

/** What evictions are told: those of an experiment, or such as would be asked for now. */
export const evictions = defineCheck<Params>({
  name: "evictions",
  summary: "So many evictions were accepted and refused in an experiment, or would be now; none at all fails",
  reads: ["sandbox", "record"],
  needs: ["cluster"],
  racy: true,
  params,
  async run(given, context) {
    const expected = expectation(given);
    const lookAt = `kubectl -n ${context.namespace} describe pdb`;
    const { record } = context;
    const answers = record === undefined ? await presentEvictions(context, asked(given)) : recordedEvictions(record);
    if (answers.length === 0) {
      const where = given.of === undefined ? "" : `: no worker node hosts a pod of ${workloadText(given.of)}`;
      return verdict(false, expected, `no eviction was asked for${record === undefined ? where : ""}`, { lookAt });
    }
    const accepted = answers.filter(({ outcome }) => outcome === "accepted").length;
    const otherwise = given.refused?.by === undefined;
    const no = answers.filter(({ outcome }) => outcome === "refused" || (otherwise && outcome === "impossible"));
    const passed = isWithin(accepted, given.accepted ?? {}) && isWithin(no.length, given.refused ?? {});
    const observed = record === undefined ? acceptedOf(answers) : evictionsText(answers);
    return verdict(passed, expected, observed, { lookAt });
  },
});
