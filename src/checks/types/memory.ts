import { z } from "zod";
import { workloadMembers } from "../../system/members.ts";
import { type MemoryReading, memoryReading, memoryText, readMemory } from "../../system/memory.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { parseQuantity } from "../../lib/units.ts";
import { type CheckContext, defineCheck, joined, verdict } from "../check.ts";
import { recordedName } from "../recorded.ts";

const params = z
  .strictObject({
    of: workload,
    used: z
      .strictObject({ atMost: z.number().positive().max(1) })
      .optional()
      .describe("Share of its limit that a pod may use, without what the kernel takes back by itself"),
    limit: z
      .strictObject({ atMost: z.string().refine((text) => parseQuantity(text) !== undefined, "write it as 256Mi") })
      .optional()
      .describe("Every pod has a limit, and none that is higher"),
  })
  .refine(({ used, limit }) => used !== undefined || limit !== undefined, "give used, limit or both");

type Params = z.infer<typeof params>;

const recorded = z.looseObject({ readings: z.array(memoryReading) });

/** The highest readings that an experiment took, or one of now. */
async function readingsOf({ of }: Params, context: CheckContext): Promise<MemoryReading[]> {
  const { record } = context;
  if (record === undefined) {
    const members = (await workloadMembers(context, of)).filter((member) => member.ready && !member.terminating);
    const readings = await Promise.all(members.map((member) => readMemory(context, member)));
    return readings.filter((reading) => reading !== undefined);
  }
  const own = new Set(record.pods.filter((pod) => pod.workload === recordedName(of)).map((pod) => pod.name));
  const all = record.actions.flatMap(({ data }) => recorded.safeParse(data).data?.readings ?? []);
  return all.filter((reading) => own.has(reading.target));
}

function isGood({ used, limit }: Params, { usedBytes, limitBytes }: MemoryReading): boolean {
  if (limitBytes < 0) return false;
  if (limit !== undefined && limitBytes > (parseQuantity(limit.atMost) ?? 0)) return false;
  return used === undefined || usedBytes <= used.atMost * limitBytes;
}

/** Memory limits that are in force, and how much room is left below them. */
export const memory = defineCheck<Params>({
  name: "memory",
  summary: "The memory limit in force on each pod, and how much of it the pod uses: now, or at most in an experiment",
  reads: ["sandbox", "record"],
  needs: ["cluster", "nodeShell"],
  racy: false,
  params,
  async run(given, context) {
    const name = workloadText(given.of);
    const parts = [
      given.limit === undefined ? "" : `a memory limit of at most ${given.limit.atMost}`,
      given.used === undefined ? "" : `at most ${Math.round(given.used.atMost * 100)} % of its memory limit in use`,
    ];
    const expected = `each pod of ${name}: ${parts.filter((part) => part !== "").join(", ")}`;
    const lookAt = `kubectl -n ${context.namespace} describe ${name}`;
    const readings = await readingsOf(given, context);
    if (readings.length === 0) return verdict(false, expected, `no pod of ${name} could be measured`, { lookAt });
    const bad = readings.filter((reading) => !isGood(given, reading));
    const text = (bad.length > 0 ? bad : readings).map((reading) => `pod/${reading.target} ${memoryText(reading)}`);
    return verdict(bad.length === 0, expected, joined(text), { lookAt, data: { readings } });
  },
});
