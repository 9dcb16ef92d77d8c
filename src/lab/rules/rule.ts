import type { Problem } from "../problem.ts";
import type { LabSource } from "../read/read-lab.ts";

/** One rule over a whole lab; returns every breach of it. */
export type Rule = (source: LabSource) => Problem[];
