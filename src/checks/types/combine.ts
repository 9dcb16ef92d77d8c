import { z } from "zod";
import { checkSpec } from "../../lab/check-spec.ts";
import { type CheckContext, type CheckType, type Observation, defineCheck, joined, verdict } from "../check.ts";

const params = z.strictObject({ checks: z.array(checkSpec).min(1) });

type Params = z.infer<typeof params>;

type Judge = (
  passed: readonly Observation[],
  failed: readonly Observation[],
  errors: readonly Observation[],
) => Observation;

function texts(observations: readonly Observation[], part: "expected" | "observed"): string {
  return joined([...new Set(observations.map((one) => one[part]))]);
}

function combine(name: string, summary: string, judge: Judge): CheckType<Params> {
  return defineCheck<Params>({
    name,
    summary,
    reads: ["sandbox", "record"],
    needs: [],
    // Each child repeats itself where it must.
    racy: false,
    params,
    nested: "checks",
    // Every child has a time limit of its own.
    limitMs: () => Infinity,
    async run({ checks }, context: CheckContext) {
      const seen = await Promise.all(checks.map((check) => context.evaluate(check)));
      const of = (outcome: Observation["outcome"]) => seen.filter((one) => one.outcome === outcome);
      return judge(of("pass"), of("fail"), of("error"));
    },
  });
}

/** Every child passes. */
export const all = combine("all", "Every one of these checks passes", (passed, failed, errors) => {
  const [error] = errors;
  const [first] = failed;
  // A fail decides, whatever the others could not see.
  if (first !== undefined) {
    return verdict(false, texts(failed, "expected"), texts(failed, "observed"), { lookAt: first.lookAt });
  }
  return error ?? verdict(true, texts(passed, "expected"), texts(passed, "observed"));
});

/** At least one child passes: repairs that are worth the same. */
export const any = combine("any", "At least one of these checks passes", (passed, failed, errors) => {
  const [pass] = passed;
  const [error] = errors;
  if (pass !== undefined) return pass;
  if (error !== undefined) return error;
  const expected = `any of: ${texts(failed, "expected")}`;
  return verdict(false, expected, texts(failed, "observed"), { lookAt: failed[0]?.lookAt });
});

/** No child passes. */
export const none = combine("none", "None of these checks passes", (passed, failed, errors) => {
  const [pass] = passed;
  const [error] = errors;
  // A pass decides, whatever the others could not see.
  if (pass !== undefined) return verdict(false, `not: ${pass.expected}`, pass.observed, { lookAt: pass.lookAt });
  if (error !== undefined) return error;
  return verdict(true, `none of: ${texts(failed, "expected")}`, texts(failed, "observed"));
});
