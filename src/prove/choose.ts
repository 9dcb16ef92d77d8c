import { usageError } from "../lib/errors.ts";
import type { Lab } from "../lab/lab.ts";
import { type EngineParts, type ProofState, readProof, stateOf } from "../lab/proof.ts";
import { type ProofCase, owedCases, passCases, planCases } from "./plan.ts";

/** A lab with the cases to run. */
export interface Chosen {
  readonly lab: Lab;
  readonly cases: readonly ProofCase[];
}

/** The named cases of each lab; a whole pass without names. A name that no lab has is bad usage. `turn`: as in {@link passCases}. */
export function chooseCases(labs: readonly Lab[], wanted: readonly string[] | undefined, turn: number): Chosen[] {
  if (wanted === undefined) return labs.map((lab) => ({ lab, cases: passCases(lab, turn) }));
  const plans = labs.map((lab) => ({ lab, cases: planCases(lab) }));
  const known = plans.flatMap(({ cases }) => cases.map(({ name }) => name));
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw usageError(`there is no case "${unknown}"`, `one of: ${known.join(", ")}`);
  return plans.map(({ lab, cases }) => ({ lab, cases: cases.filter(({ name }) => wanted.includes(name)) }));
}

/** One case of each kind but reset; `turn` picks which. */
function sample(cases: readonly ProofCase[], turn: number): ProofCase[] {
  const kinds = ["broken", "fix", "bypass", "leaks"] as const;
  return kinds.flatMap((kind) => {
    const own = cases.filter((one) => one.kind === kind);
    const picked = own[turn % Math.max(own.length, 1)];
    return picked === undefined ? [] : [picked];
  });
}

/** A lab, and what its stored proof is worth today. */
interface LabProof {
  readonly lab: Lab;
  readonly state: ProofState;
  /** When it was last seen to hold; "" for never, which sorts first. */
  readonly last: string;
}

async function proofOf(lab: Lab, engine: EngineParts): Promise<LabProof> {
  const proof = await readProof(lab.dir);
  const state = stateOf(proof, lab.digest, engine);
  const last = state === "stale" ? "" : (proof?.engine?.at ?? proof?.pass.at ?? "");
  return { lab, state, last };
}

async function oldestFirst(labs: readonly Lab[], engine: EngineParts): Promise<LabProof[]> {
  const all = await Promise.all(labs.map((lab) => proofOf(lab, engine)));
  return all.toSorted((a, b) => a.last.localeCompare(b.last));
}

const isUnproven = ({ state }: LabProof) => state === "stale" || state === "-";

/** The labs that have no pass at the present digest of their folder, whole. */
export async function chooseChanged(labs: readonly Lab[], engine: EngineParts, turn: number): Promise<Chosen[]> {
  const all = await oldestFirst(labs, engine);
  return all.filter(isUnproven).map(({ lab }) => ({ lab, cases: passCases(lab, turn) }));
}

/** A sample of every lab, the one that was looked at longest ago first. */
export async function chooseSample(labs: readonly Lab[], engine: EngineParts, turn: number): Promise<Chosen[]> {
  const all = await oldestFirst(labs, engine);
  return all.map(({ lab }) => ({ lab, cases: sample(planCases(lab), turn) }));
}

/** A list from another place on, and round to it again. */
function rotated<T>(list: readonly T[], turn: number): T[] {
  const first = turn % Math.max(list.length, 1);
  return [...list.slice(first), ...list.slice(0, first)];
}

/**
 * Everything that is owed, and a sample of the rest: labs without a pass whole, what is owed of labs that are due (beginning with another lab
 * at each `turn`, since a run with little time comes to the first few only), and of every other lab a sample, which changes with `turn` too.
 */
export async function chooseDue(labs: readonly Lab[], engine: EngineParts, turn: number): Promise<Chosen[]> {
  const all = await oldestFirst(labs, engine);
  const due = all.filter(({ state }) => state === "due");
  const proven = all.filter(({ state }) => state === "proven");
  return [
    ...all.filter(isUnproven).map(({ lab }) => ({ lab, cases: passCases(lab, turn) })),
    ...rotated(due, turn).map(({ lab }) => ({ lab, cases: owedCases(lab, turn) })),
    ...proven.map(({ lab }) => ({ lab, cases: sample(planCases(lab), turn) })),
  ];
}
