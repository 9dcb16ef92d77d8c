import { usageError } from "../errors.ts";
import type { Lab, Variant } from "./lab.ts";
import { seededInt } from "./values.ts";

/** The wanted variant, or one by the seed. An unknown name is answered without the known ones: they may tell the cause. */
export function pickVariant(lab: Pick<Lab, "id" | "variants">, seed: string, wanted?: string): Variant {
  const picked =
    wanted === undefined
      ? lab.variants[seededInt(seed, "variant", lab.variants.length)]
      : lab.variants.find((variant) => variant.id === wanted);
  if (picked === undefined) throw usageError(`lab ${lab.id} has no variant "${wanted ?? ""}"`, "leave --variant out");
  return picked;
}
