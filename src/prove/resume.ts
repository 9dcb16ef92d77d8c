import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { CaseResult } from "../report/proof-text.ts";
import type { Runtime } from "../runtime.ts";
import { writePrivate } from "../session/store.ts";

const stored = z.strictObject({
  digests: z.string(),
  results: z.array(
    z.strictObject({
      lab: z.string(),
      name: z.string(),
      passed: z.boolean(),
      problem: z.string(),
      seconds: z.number(),
    }),
  ),
});

function fileOf(rt: Runtime, lab: string): string {
  return join(rt.paths.home, `${lab}.passed.json`);
}

/** Cases that passed in an earlier run at the same digests; an interrupted proof goes on from here. */
export async function readResume(rt: Runtime, lab: string, digests: string): Promise<CaseResult[]> {
  try {
    const found = stored.parse(JSON.parse(await readFile(fileOf(rt, lab), "utf8")));
    return found.digests === digests ? found.results.map((result) => ({ ...result, earlier: true })) : [];
  } catch {
    return [];
  }
}

/** Remembers which cases have passed at these digests. */
export async function rememberPassed(
  rt: Runtime,
  lab: string,
  digests: string,
  results: readonly CaseResult[],
): Promise<void> {
  const kept = results.map(({ lab: id, name, passed, problem, seconds }) => ({
    lab: id,
    name,
    passed,
    problem,
    seconds,
  }));
  await writePrivate(fileOf(rt, lab), `${JSON.stringify({ digests, results: kept })}\n`);
}
