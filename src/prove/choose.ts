import { usageError } from "../lib/errors.ts";
import type { Lab } from "../lab/lab.ts";
import { planCases, type ProofCase } from "./plan.ts";
import { passesNeeded, readProof } from "./proof-file.ts";

/** A lab with the cases to run. */
export interface Chosen {
  readonly lab: Lab;
  readonly cases: readonly ProofCase[];
}

/** The named cases of each lab; all of them without names. A name that no lab has is bad usage. */
export function chooseCases(labs: readonly Lab[], wanted: readonly string[] | undefined): Chosen[] {
  const plans = labs.map((lab) => ({ lab, cases: planCases(lab) }));
  if (wanted === undefined) return plans;
  const known = plans.flatMap(({ cases }) => cases.map(({ name }) => name));
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw usageError(`there is no case "${unknown}"`, `one of: ${known.join(", ")}`);
  return plans.map(({ lab, cases }) => ({ lab, cases: cases.filter(({ name }) => wanted.includes(name)) }));
}

/** One case of each kind but leaks, which needs them; `turn` picks which fix and which bypass. */
function sample(cases: readonly ProofCase[], turn: number): ProofCase[] {
  const kinds = ["broken", "fix", "bypass", "leaks"] as const;
  return kinds.flatMap((kind) => {
    const own = cases.filter((one) => one.kind === kind);
    const picked = own[turn % Math.max(own.length, 1)];
    return picked === undefined ? [] : [picked];
  });
}

interface State {
  readonly lab: Lab;
  /** Its passes are at another digest of its folder, or are too few. */
  readonly changed: boolean;
  /** Changed, or what labs share is not what the last pass ran with. */
  readonly due: boolean;
  /** Time of the last pass that counts; "" sorts first. */
  readonly last: string;
}

async function stateOf(lab: Lab, shared?: string): Promise<State> {
  const proof = await readProof(lab.dir);
  const current = proof?.lab === lab.digest && proof.passes.length >= passesNeeded;
  const due = !current || (shared !== undefined && proof.shared !== shared);
  return { lab, changed: !current, due, last: current ? (proof.passes.at(-1)?.at ?? "") : "" };
}

/** The labs whose folder was edited since their passes, or that have too few, whole; never proven ones first. */
export async function chooseChanged(labs: readonly Lab[]): Promise<Chosen[]> {
  const states = await Promise.all(labs.map((lab) => stateOf(lab)));
  return states.filter(({ changed }) => changed).map(({ lab }) => ({ lab, cases: planCases(lab) }));
}

/** A sample of every lab, the one that was proven longest ago first. */
export async function chooseSample(labs: readonly Lab[], turn: number): Promise<Chosen[]> {
  const states = await Promise.all(labs.map((lab) => stateOf(lab)));
  return states
    .toSorted((a, b) => a.last.localeCompare(b.last))
    .map(({ lab }) => ({ lab, cases: sample(planCases(lab), turn) }));
}

/** A list from another place on, and round to it again. */
function rotated<T>(list: readonly T[], turn: number): T[] {
  const first = turn % Math.max(list.length, 1);
  return [...list.slice(first), ...list.slice(0, first)];
}

/**
 * What continuous integration runs: labs that were edited since their passes, whole; then those that are due because what labs share was
 * edited, beginning with another lab and another case at each `turn`, since a run with little time comes to the first few only; of every
 * other lab a sample, which changes with `turn` as well.
 */
export async function chooseDue(labs: readonly Lab[], shared: string, turn: number): Promise<Chosen[]> {
  const states = await Promise.all(labs.map((lab) => stateOf(lab, shared)));
  const oldestFirst = states.toSorted((a, b) => a.last.localeCompare(b.last));
  const edited = oldestFirst.filter(({ changed }) => changed);
  const due = oldestFirst.filter((one) => one.due && !one.changed);
  const others = oldestFirst.filter((one) => !one.due);
  return [
    ...edited.map(({ lab }) => ({ lab, cases: planCases(lab) })),
    ...rotated(due, turn).map(({ lab }) => {
      // The last two, reset and leaks, look at what the cases before them left.
      const cases = planCases(lab);
      return { lab, cases: [...rotated(cases.slice(0, -2), turn), ...cases.slice(-2)] };
    }),
    ...others.map(({ lab }) => ({ lab, cases: sample(planCases(lab), turn) })),
  ];
}
