import { z } from "zod";
import { defineCheck, joined, verdict } from "../check.ts";
import { keepInCluster } from "../preserve/keep-in-cluster.ts";
import { keepInDocker } from "../preserve/keep-in-docker.ts";
import { type Kept, keywords } from "../preserve/kept.ts";
import { holdsObjects } from "../../session/session.ts";

const params = z.strictObject({ keep: z.array(z.enum(keywords)).min(1) });

type Params = z.infer<typeof params>;

/** What the healthy system had is still there: the guard against shortcuts. */
export const preserve = defineCheck<Params>({
  name: "preserve",
  summary: "Against the healthy system at the start: capacity, images, protection are still there, compared by name",
  reads: ["sandbox"],
  needs: [],
  racy: false,
  params,
  async run({ keep }, context) {
    const { reference } = context.session;
    if (reference === undefined) throw new Error("this session has no reference to compare with; run labs reset");
    const kept: Kept = holdsObjects(reference)
      ? await keepInCluster(keep, context, reference.base, [...reference.stage, ...reference.base])
      : await keepInDocker(keep, context, reference.base);
    const expected = `kept as at the start: ${keep.join(", ")}`;
    const observed = kept.problems.length === 0 ? "all of it is still there" : joined(kept.problems);
    return verdict(kept.problems.length === 0, expected, observed, { lookAt: kept.lookAt });
  },
});
