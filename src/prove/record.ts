import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { allEntries } from "../lab/entries.ts";
import { nestedChecks } from "../lab/format/check-schema.ts";
import type { CheckSpec, Lab } from "../lab/lab.ts";
import { type EngineParts, type Pass, type Proof, engineDigest, readProof } from "../lab/proof.ts";
import type { CaseResult } from "../report/proof-text.ts";
import { coversOwed, missingForPass } from "./plan.ts";
import type { Vocabulary } from "../lab/vocabulary.ts";

/** Names of the parts of the engine that a lab rests on: the core, its provider, its check types and actions. Sorted. */
export function partsOf(lab: Lab, words: Vocabulary): string[] {
  const checks = (spec: CheckSpec): string[] => [
    `check ${spec.type}`,
    ...nestedChecks(spec, words).flatMap((child) => checks(child.spec)),
  ];
  const actions = lab.experiments.flatMap(({ do: run, with: beside, control }) =>
    [...run, ...beside, ...(control === undefined ? [] : [control])].map(({ name }) => `action ${name}`),
  );
  const used = allEntries(lab).flatMap(({ entry }) => checks(entry.check));
  return [...new Set(["core", lab.topology.provider, ...used, ...actions])].toSorted();
}

/** What a proof ran with: the lab's digest, and the engine's. */
export interface Ground {
  readonly lab: string;
  readonly parts: readonly string[];
  readonly engine: string;
}

/** The digests that a lab is proven at now. */
export function groundOf(lab: Lab, words: Vocabulary, engine: EngineParts): Ground {
  const parts = partsOf(lab, words);
  return { lab: lab.digest, parts, engine: engineDigest(engine, parts) };
}

async function write(dir: string, proof: Proof): Promise<void> {
  await writeFile(join(dir, "proof.json"), `${JSON.stringify(proof, null, 2)}\n`);
}

/** Writes a whole pass into the lab's folder, in place of what is there. */
export async function recordPass(dir: string, ground: Ground, pass: Pass): Promise<void> {
  const { lab, engine, parts } = ground;
  await write(dir, { lab, pass, engine: { digest: engine, parts, at: pass.at } });
}

/**
 * Writes that a proven lab still holds with the engine of now; its pass stays. False when there is no pass at this digest of its folder.
 * @param at when it was seen, ISO 8601
 */
export async function recordEngine(dir: string, ground: Ground, at: string): Promise<boolean> {
  const before = await readProof(dir);
  if (before?.lab !== ground.lab) return false;
  const { engine, parts } = ground;
  await write(dir, { lab: before.lab, pass: before.pass, engine: { digest: engine, parts, at } });
  return true;
}

/** What the results of a lab's cases are worth: a whole pass, a look at a proven lab whose engine changed, or nothing; `why` it is no pass. */
export function worthOf(
  lab: Lab,
  results: readonly CaseResult[],
): { readonly worth: "pass" | "look" | "nothing"; readonly why: string } {
  if (results.some(({ passed }) => !passed)) return { worth: "nothing", why: "a case does not hold" };
  // All of them may be those of a pass that was recorded before.
  if (results.every(({ earlier }) => earlier === true)) return { worth: "nothing", why: "no case was run" };
  const names = results.map(({ name }) => name);
  const missing = missingForPass(lab, names);
  if (missing.length === 0) return { worth: "pass", why: "" };
  return { worth: coversOwed(lab, names) ? "look" : "nothing", why: `a pass also needs ${missing.join(", ")}` };
}
