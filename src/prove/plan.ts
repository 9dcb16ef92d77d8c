import type { Lab, Script } from "../lab/lab.ts";

/** One case of a proof, in the order in which it runs. */
export type ProofCase =
  | { readonly kind: "broken"; readonly name: string; readonly variant: string }
  | { readonly kind: "fix" | "bypass"; readonly name: string; readonly variant: string; readonly script: Script }
  | { readonly kind: "reset"; readonly name: string; readonly variant: string }
  | { readonly kind: "leaks"; readonly name: string; readonly variant: string };

/** Name of a case as `--case` takes it; the variant shows only where a lab has several. */
function caseName(lab: Lab, kind: string, variant: string, script?: string): string {
  const subject = script === undefined ? "" : `:${script}`;
  return `${kind}${subject}${lab.variants.length > 1 ? `@${variant}` : ""}`;
}

/**
 * Every case that a lab can have: per variant broken, then its fixes and bypasses (a script without variants in each of them); once reset and
 * leaks.
 */
export function planCases(lab: Lab): ProofCase[] {
  const perVariant = lab.variants.flatMap(({ id: variant }): ProofCase[] => [
    { kind: "broken", name: caseName(lab, "broken", variant), variant },
    ...lab.scripts
      .filter(({ variants }) => variants.length === 0 || variants.includes(variant))
      .map((script): ProofCase => ({
        kind: script.kind,
        name: caseName(lab, script.kind, variant, script.name),
        variant,
        script,
      })),
  ]);
  const last = lab.variants.at(-1)?.id ?? "";
  return [
    ...perVariant,
    { kind: "reset", name: "reset", variant: last },
    { kind: "leaks", name: "leaks", variant: last },
  ];
}

/** A bypass that names no variants is run in one of them a pass. Fixes must hold in every variant they are for. */
function rotates(one: ProofCase): one is ProofCase & { readonly kind: "bypass" } {
  return one.kind === "bypass" && one.script.variants.length === 0;
}

/** The cases of a whole pass: all, but a bypass without variants only in one; `turn`, a whole number from 0, picks which. */
export function passCases(lab: Lab, turn: number): ProofCase[] {
  const bypasses = lab.scripts.filter(({ kind }) => kind === "bypass");
  return planCases(lab).filter((one) => {
    if (!rotates(one)) return true;
    const place = (turn + bypasses.indexOf(one.script)) % lab.variants.length;
    return one.variant === lab.variants[place]?.id;
  });
}

/** What a proven lab owes once the engine has changed: every variant broken, one fix and one bypass, which `turn` picks. */
export function owedCases(lab: Lab, turn: number): ProofCase[] {
  const all = planCases(lab);
  const one = (kind: ProofCase["kind"]): ProofCase[] => {
    const own = all.filter((candidate) => candidate.kind === kind);
    return own.length === 0 ? [] : own.slice(turn % own.length).slice(0, 1);
  };
  const owed = new Set([...all.filter(({ kind }) => kind === "broken"), ...one("fix"), ...one("bypass")]);
  return all.filter((candidate) => owed.has(candidate));
}

/** Names of cases that these are short of for a whole pass. */
export function missingForPass(lab: Lab, names: readonly string[]): string[] {
  const ran = new Set(names);
  const all = planCases(lab);
  return all
    .filter((one) => {
      if (ran.has(one.name)) return false;
      if (!rotates(one)) return true;
      return !all.some((other) => other.kind === "bypass" && other.script === one.script && ran.has(other.name));
    })
    .map(({ name }) => name);
}

/** Whether these cases are what a proven lab owes once the engine has changed. */
export function coversOwed(lab: Lab, names: readonly string[]): boolean {
  const all = planCases(lab);
  const ran = all.filter(({ name }) => names.includes(name));
  const some = (kind: ProofCase["kind"]) =>
    ran.some((one) => one.kind === kind) || all.every((one) => one.kind !== kind);
  return all.every((one) => one.kind !== "broken" || ran.includes(one)) && some("fix") && some("bypass");
}
