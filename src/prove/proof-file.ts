import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const proof = z.strictObject({
  /** Digest of the lab's folder; passes count for this digest only. */
  lab: z.string(),
  /** Digest of what labs share: sample service, manifests, checks, experiments. */
  shared: z.string(),
  passes: z.array(
    z.strictObject({ at: z.string(), seconds: z.number(), cases: z.number().int(), sandbox: z.string() }),
  ),
});

/** The recorded proof of a lab: three passes at one digest make it proven. */
export type Proof = z.infer<typeof proof>;

/** Passes that make a lab proven. */
export const passesNeeded = 3;

function fileOf(dir: string): string {
  return join(dir, "proof.json");
}

/** The record in a lab's folder; undefined without one. Throws when it cannot be read as a record. */
export async function readProof(dir: string): Promise<Proof | undefined> {
  let text: string;
  try {
    text = await readFile(fileOf(dir), "utf8");
  } catch {
    return undefined;
  }
  return proof.parse(JSON.parse(text));
}

/** Adds a pass; passes at other digests are dropped, of older ones the last ones are kept. Returns how many there are now. */
export async function recordPass(
  dir: string,
  digests: { readonly lab: string; readonly shared: string },
  pass: Proof["passes"][number],
): Promise<number> {
  const before = await readProof(dir);
  const kept = before?.lab === digests.lab ? before.passes : [];
  const next: Proof = { ...digests, passes: [...kept, pass].slice(-passesNeeded) };
  await writeFile(fileOf(dir), `${JSON.stringify(next, null, 2)}\n`);
  return next.passes.length;
}
