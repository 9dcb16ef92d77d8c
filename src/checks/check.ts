import type { z } from "zod";
import type { Need } from "../lab/needs.ts";
import type { RunRecord } from "../system/record.ts";
import type { Scope } from "../system/scope.ts";

/**
 * What one check saw. `error` is "could not look", for a cause that the learner did not make; it is never "wrong" and never "right".
 * `expected` and `observed` are one line each; observed names object, field, value and age. `lookAt` is one read-only command, written with
 * `kubectl` or `docker` as first word; the report adds our kubeconfig where it is needed.
 */
export interface Observation {
  readonly outcome: "pass" | "fail" | "error";
  readonly expected: string;
  readonly observed: string;
  readonly lookAt?: string;
  /** Machine-readable detail for --json. */
  readonly data?: unknown;
}

/** Everything a check may read. */
export interface CheckContext extends Scope {
  /** The record of the experiment whose objective this is. */
  readonly record?: RunRecord;
  /** Evaluates a nested check (all, any, none). */
  readonly evaluate: (spec: { type: string } & Record<string, unknown>) => Promise<Observation>;
}

/**
 * A check type: one file, one line in the registry. Schema, dispatch, completion and docs derive from this. `reads`: what it looks at, the live
 * sandbox, the record of an experiment, or either (then the record decides where there is one). `needs`: what the sandbox must have, all of it.
 * `racy`: it must pass three times, 1 s apart. A thrown error becomes outcome `error`.
 */
export interface CheckType<Params = never> {
  readonly name: string;
  readonly summary: string;
  readonly reads: readonly ("sandbox" | "record")[];
  readonly needs: readonly Need[];
  readonly racy: boolean;
  /** Parameters without `type`; a strict object. */
  readonly params: z.ZodType<Params>;
  /** Name of the parameter that lists nested checks (all, any, none), each written with `checkSpec`. */
  readonly nested?: string;
  /** How long one look may take before it counts as "could not look"; default 15 s. */
  limitMs?(params: Params): number;
  /** Check ids, container or workload names and the like that must exist are told by `lint` rules elsewhere. */
  run(params: Params, context: CheckContext): Promise<Observation>;
}

/** Ties a check's parameters to its schema. */
export function defineCheck<Params>(type: CheckType<Params>): CheckType<Params> {
  return type;
}

/** A check type among others: what `params` parses is what `run` takes, whatever that is. */
export type AnyCheckType = CheckType<unknown>;

/** A pass or a fail with its texts; `lookAt` and `data` only where they are known. */
export function verdict(
  passed: boolean,
  expected: string,
  observed: string,
  more: { readonly lookAt?: string | undefined; readonly data?: unknown } = {},
): Observation {
  return {
    outcome: passed ? "pass" : "fail",
    expected,
    observed,
    ...(more.lookAt === undefined ? {} : { lookAt: more.lookAt }),
    ...(more.data === undefined ? {} : { data: more.data }),
  };
}

/** No verdict: the machine was busy with other work, so what was asked could not show either way. */
export function tooBusy(expected: string, text: string, data: unknown): Observation {
  const observed = `${text}: this machine is too busy to tell; let it calm down and verify again`;
  return { outcome: "error", expected, observed, data };
}

/** How many things a message names before it counts the rest. */
const SHOWN = 3;

/** "a; b; c; and 4 more". */
export function joined(parts: readonly string[]): string {
  const rest = parts.length - SHOWN;
  return rest > 0 ? [...parts.slice(0, SHOWN), `and ${rest} more`].join("; ") : parts.join("; ");
}

/** One thing that a check demands of what it looks at. */
export interface Rule {
  readonly expected: string;
  readonly observed: string;
  readonly holds: boolean;
}

/** Passes when every rule holds; tells of those that do not, or of all. */
export function rulesVerdict(rules: readonly Rule[], subject = ""): Observation {
  const failed = rules.filter((rule) => !rule.holds);
  const telling = failed.length > 0 ? failed : rules;
  const expected = [...(subject === "" ? [] : [subject]), ...rules.map((rule) => rule.expected)].join(", ");
  return verdict(failed.length === 0, expected, joined(telling.map((rule) => rule.observed)));
}
