import type { Runtime } from "../../runtime.ts";

/** The programs and images that a kind sandbox is made with. */
export interface KindTools {
  readonly kind: string;
  readonly nodeImage: string;
  readonly goAppImage: string;
}

/** Finds them, and gets what is missing. */
export type EnsureTools = (rt: Runtime) => Promise<KindTools>;
