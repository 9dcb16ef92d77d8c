import { expect, it } from "vitest";
import { z } from "zod";
import { type AnyCheckType, type CheckContext, defineCheck } from "../../src/checks/check.ts";
import { runCheckType } from "../../src/checks/look.ts";
import {
  type ActionContext,
  type AnyActionType,
  accompanyActionType,
  defineAction,
  runActionType,
} from "../../src/experiments/action.ts";

const atLeast = defineCheck({
  name: "at-least",
  summary: "A test double",
  reads: ["sandbox"],
  needs: ["cluster"],
  racy: false,
  params: z.strictObject({ value: z.string().transform(Number) }),
  run: ({ value }) =>
    Promise.resolve({ outcome: value > 2 ? "pass" : "fail", expected: "> 2", observed: String(value) }),
});

const nap = defineAction({
  name: "nap",
  summary: "A test double",
  needs: ["containers"],
  params: z.strictObject({ ms: z.number() }),
  run: ({ ms }) => Promise.resolve({ finished: true, detail: `${ms} ms` }),
});

const checks: readonly AnyCheckType[] = [atLeast];
const actions: readonly AnyActionType[] = [nap];

/** Nothing in these tests may touch the context. */
const untouchable = new Proxy(Object.create(null), {
  get: (_target, key) => {
    throw new Error(`unlisted use of ${String(key)}`);
  },
});
const checkContext: CheckContext = untouchable;
const actionContext: ActionContext = untouchable;

it("runs a check out of a mixed list with parsed parameters", async () => {
  const [type] = checks;
  if (type === undefined) throw new Error("empty");
  await expect(runCheckType(type, { type: "at-least", value: "3" }, checkContext)).resolves.toMatchObject({
    outcome: "pass",
    observed: "3",
  });
  await expect(runCheckType(type, { type: "at-least", vlaue: "3" }, checkContext)).rejects.toThrow("vlaue");
});

it("runs an action only where it can stand", async () => {
  const [type] = actions;
  if (type === undefined) throw new Error("empty");
  const spec = { name: "nap", params: { ms: 5 } };
  await expect(runActionType(type, spec, actionContext)).resolves.toEqual({ finished: true, detail: "5 ms" });
  await expect(accompanyActionType(type, spec, actionContext)).rejects.toThrow('cannot stand in "with"');
});
