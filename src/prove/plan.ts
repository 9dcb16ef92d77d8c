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
 * All cases of a lab: per variant broken, then its fixes and bypasses; once reset and leaks. A script without variants is run in every variant.
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
