import { z } from "zod";

const DROP = /^(?:cpu-limit|env [A-Za-z_][A-Za-z0-9_]*)$/;

const one = z.string().regex(DROP, "write cpu-limit or env NAME");

/** What a clone leaves out: `cpu-limit`, `env GOMAXPROCS`, or several of them. */
export const drop = z
  .union([one, z.array(one)])
  .default([])
  .transform((value): Drop => {
    const list = typeof value === "string" ? [value] : value;
    return {
      cpuLimit: list.includes("cpu-limit"),
      env: list.filter((item) => item.startsWith("env ")).map((item) => item.slice("env ".length)),
    };
  });

/** The parts of a workload that a clone leaves out. */
export interface Drop {
  readonly cpuLimit: boolean;
  readonly env: readonly string[];
}
