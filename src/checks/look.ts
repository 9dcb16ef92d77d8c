import { z } from "zod";
import type { CheckSpec } from "../lab/lab.ts";
import { environmentError, interruptedError, messageOf } from "../lib/errors.ts";
import { poll } from "../lib/poll.ts";
import { type Runtime, withSignal } from "../runtime.ts";
import type { AnyCheckType, CheckContext, Observation } from "./check.ts";
import { checkTypes } from "./registry.ts";
import { lackOf } from "../sandbox/capabilities.ts";

/** What a look needs; `evaluate` of nested checks is made here. */
export type LookContext = Omit<CheckContext, "evaluate">;

const defaultLimitMs = 15_000;

/** How often, and how far apart, a check of something racy must pass. */
const racyLooks = 3;
const racyEveryMs = 1000;

/** Runs `work` with a time limit; what is still under way then is cancelled through its runtime's signal. */
export async function withLimit<T>(rt: Runtime, ms: number, work: (rt: Runtime) => Promise<T>): Promise<T> {
  if (ms === Infinity) return work(rt);
  const over = new AbortController();
  const signal = AbortSignal.any([rt.signal, over.signal]);
  const limit = rt.clock.sleep(ms, signal).then(() => {
    throw environmentError(`no answer within ${Math.round(ms / 1000)} s`);
  });
  try {
    return await Promise.race([work(withSignal(rt, signal)), limit]);
  } finally {
    over.abort();
    // The abort has ended the sleep with an error, which must not end the program.
    await limit.catch(() => undefined);
  }
}

function typeOf(spec: CheckSpec, types: readonly AnyCheckType[]): AnyCheckType {
  const type = types.find((one) => one.name === spec.type);
  if (type === undefined) throw new Error(`there is no check type ${spec.type}`);
  return type;
}

function limitOf(type: AnyCheckType, spec: CheckSpec): number {
  const { type: _name, ...params } = spec;
  return type.limitMs?.(type.params.parse(params)) ?? defaultLimitMs;
}

/** Turns whatever `work` throws into "could not look"; only an interrupt goes through. */
export async function observed(rt: Runtime, expected: string, work: () => Promise<Observation>): Promise<Observation> {
  try {
    return await work();
  } catch (error) {
    if (rt.signal.aborted) throw interruptedError();
    return {
      outcome: "error",
      expected,
      observed: error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error),
    };
  }
}

/** Looks once; once more at what did not pass while this program stood still. Never throws, but for an interrupt. */
export async function look(
  spec: CheckSpec,
  context: LookContext,
  types: readonly AnyCheckType[] = checkTypes,
): Promise<Observation> {
  const { clock } = context.rt;
  const once = () =>
    observed(context.rt, `check ${spec.type}`, async () => {
      const type = typeOf(spec, types);
      return withLimit(context.rt, limitOf(type, spec), (rt) => {
        const evaluate = (child: CheckSpec) => lookSteadily(child, { ...context, rt }, types);
        return runCheckType(type, spec, { ...context, rt, evaluate });
      });
    });
  const lostBefore = clock.lost();
  const seen = await once();
  return seen.outcome !== "pass" && clock.lost() > lostBefore ? once() : seen;
}

/** Looks once, or at something racy three times, 1 s apart, until one look does not pass. A record does not change between looks. */
export async function lookSteadily(
  spec: CheckSpec,
  context: LookContext,
  types: readonly AnyCheckType[] = checkTypes,
): Promise<Observation> {
  const racy = types.some((type) => type.name === spec.type && type.racy) && context.record === undefined;
  let left = racy ? racyLooks : 1;
  const { clock, signal } = context.rt;
  const waited = await poll<Observation>(
    async () => {
      left -= 1;
      const seen = await look(spec, context, types);
      return seen.outcome !== "pass" || left === 0 ? { done: true, value: seen } : { done: false, seen: seen.observed };
    },
    { clock, signal, withinMs: Infinity, everyMs: racyEveryMs },
  );
  // Without a deadline a poll ends by being done.
  if (!waited.ok) throw new Error("a wait without end has ended");
  return waited.value;
}

/** Parses a check's parameters with its type and runs it. Throws what either throws, and where the sandbox lacks what the check needs. */
export async function runCheckType(type: AnyCheckType, spec: CheckSpec, context: CheckContext): Promise<Observation> {
  const lack = lackOf(type.name, type.needs, context.sandbox);
  if (lack !== undefined) throw environmentError(lack);
  const { type: _name, ...params } = spec;
  return type.run(type.params.parse(params), context);
}
