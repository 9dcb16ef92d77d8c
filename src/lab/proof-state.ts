import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { folderDigest, readFolder } from "./read/folder.ts";

/** `proven`: three passes of the lab as it is; `1 of 3`: some of them; `stale`: passes of the lab as it was; `-`: none. */
export type ProofState = "proven" | "stale" | "-" | `${number} of ${number}`;

const PASSES_NEEDED = 3;

/** What a lab's proof record is worth now. Never throws: a record that cannot be read proves nothing. */
export async function proofState(dir: string): Promise<ProofState> {
  try {
    const proof: unknown = JSON.parse(await readFile(join(dir, "proof.json"), "utf8"));
    if (typeof proof !== "object" || proof === null || !("lab" in proof) || !("passes" in proof)) return "-";
    if (!Array.isArray(proof.passes) || proof.passes.length === 0) return "-";
    if (proof.lab !== folderDigest(await readFolder(dir))) return "stale";
    const { length } = proof.passes;
    return length >= PASSES_NEEDED ? "proven" : `${length} of ${PASSES_NEEDED}`;
  } catch {
    return "-";
  }
}
