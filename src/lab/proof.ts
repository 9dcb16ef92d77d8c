import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { environmentError } from "../lib/errors.ts";
import { at, entriesAt, listAt } from "../lib/fields.ts";
import { folderDigest, readFolder } from "./read/folder.ts";

/** One run of cases that all held. `seconds`: their times added up. */
export interface Pass {
  /** When it ended, ISO 8601. */
  readonly at: string;
  readonly seconds: number;
  readonly cases: number;
  /** Node image of a cluster lab; `docker` for the others. */
  readonly sandbox: string;
}

/** What `proof.json` in a lab's folder records. */
export interface Proof {
  /** Digest of the lab's folder at its last whole pass. */
  readonly lab: string;
  readonly pass: Pass;
  /** The engine that it last held with: the parts of it that the lab rests on, and a digest over them. Missing in records of 0.1. */
  readonly engine?: { readonly digest: string; readonly parts: readonly string[]; readonly at: string };
}

/**
 * `proven`: one whole pass of the lab as it is, with the engine as it is; `due`: the same, and the engine has changed since; `stale`: a pass of
 * the lab as it was; `-`: none.
 */
export type ProofState = "proven" | "due" | "stale" | "-";

/** Digest of each part of the engine by its name (`core`, `kind`, `check http`, …). */
export type EngineParts = Readonly<Record<string, string>>;

function passOf(value: unknown): Pass | undefined {
  const [time, seconds, cases, sandbox] = [
    at(value, "at"),
    at(value, "seconds"),
    at(value, "cases"),
    at(value, "sandbox"),
  ];
  if (typeof time !== "string" || typeof seconds !== "number") return undefined;
  if (typeof cases !== "number" || typeof sandbox !== "string") return undefined;
  return { at: time, seconds, cases, sandbox };
}

function engineOf(value: unknown): Proof["engine"] {
  const [digest, parts, time] = [at(value, "digest"), at(value, "parts"), at(value, "at")];
  if (typeof digest !== "string" || typeof time !== "string" || !Array.isArray(parts)) return undefined;
  return { digest, parts: parts.map(String), at: time };
}

/** The record in this text, also of 0.1, which kept several passes. Undefined when it is none. Imports no schema: `labs list` reads with it. */
export function parseProof(text: string): Proof | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const lab = at(value, "lab");
  const pass = passOf(at(value, "pass") ?? listAt(value, "passes").at(-1));
  if (typeof lab !== "string" || pass === undefined) return undefined;
  const engine = engineOf(at(value, "engine"));
  return { lab, pass, ...(engine === undefined ? {} : { engine }) };
}

/** The record in a lab's folder; undefined without one. Throws when there is a file that is no record. */
export function readProof(dir: string): Promise<Proof | undefined> {
  return new Promise((resolve) => {
    resolve(readNow(dir));
  });
}

/** Blocking, as readFolder. */
function readNow(dir: string): Proof | undefined {
  const file = join(dir, "proof.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const proof = parseProof(text);
  if (proof === undefined)
    throw environmentError(`${file} is no record of a proof`, { cure: "remove it, then prove the lab" });
  return proof;
}

/** The parts of the engine as the build left them; empty where there was no build. */
export async function readEngineParts(file: string): Promise<EngineParts> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    return Object.fromEntries(entriesAt(value).map(([name, digest]) => [name, String(digest)]));
  } catch {
    return {};
  }
}

/** One digest over the named parts. A part that this engine has not counts as a change. */
export function engineDigest(parts: EngineParts, names: readonly string[]): string {
  const hash = createHash("sha256");
  for (const name of names.toSorted()) hash.update(`${name} ${parts[name] ?? "-"}\n`);
  return hash.digest("hex").slice(0, 16);
}

/** What a record says of a lab with this digest and of this engine. */
export function stateOf(proof: Proof | undefined, lab: string, parts: EngineParts): ProofState {
  if (proof === undefined) return "-";
  if (proof.lab !== lab) return "stale";
  const { engine } = proof;
  return engine !== undefined && engine.digest === engineDigest(parts, engine.parts) ? "proven" : "due";
}

/** What a lab's proof record is worth now. Never throws: a record that cannot be read proves nothing. */
export async function proofState(dir: string, parts: EngineParts): Promise<ProofState> {
  try {
    const proof = await readProof(dir);
    return proof === undefined ? "-" : stateOf(proof, folderDigest(await readFolder(dir)), parts);
  } catch {
    return "-";
  }
}
