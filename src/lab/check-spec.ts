import { z } from "zod";

/**
 * Any check inside a lab file or inside another check. Which parameters its type takes is validated where labs are loaded (src/lab/format/check-schema.ts), because
 * this file may not know the registry: types that nest checks are in it.
 */
export const checkSpec = z.looseObject({ type: z.string() }).meta({ id: "check" });
