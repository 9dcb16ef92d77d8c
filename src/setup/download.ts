import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { environmentError, interruptedError, lastLineOf, LabsError } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { withProgress } from "./progress.ts";

/** A file that is published for everybody, and what it must be. */
export interface Published {
  readonly url: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** Limits of a download, in milliseconds. */
export interface DownloadLimits {
  /** Until the first byte. */
  readonly answerMs: number;
  /** Without another byte after that. */
  readonly stallMs: number;
}

const defaultLimits: DownloadLimits = { answerMs: 20_000, stallMs: 60_000 };

/** A variable in either spelling; the lower-case one counts first, as for curl. Never undefined: undici would look for itself. */
function variable(rt: Pick<Runtime, "env">, name: string): string {
  return rt.env[name] || rt.env[name.toUpperCase()] || "";
}

/** The URL of a proxy; as for curl it may be written without "http://". "" without one. */
function proxyOf(rt: Pick<Runtime, "env">, name: "http_proxy" | "https_proxy"): string {
  const value = variable(rt, name);
  return value === "" || value.includes("://") ? value : `http://${value}`;
}

/** Host and port of the proxies that a download may go through, without names and passwords; "" without one. */
function proxyText(rt: Pick<Runtime, "env">): string {
  const hosts = [proxyOf(rt, "https_proxy"), proxyOf(rt, "http_proxy")]
    .filter((value) => value !== "")
    .map((value) => (URL.canParse(value) ? new URL(value).host : "(not a URL)"));
  return hosts.length === 0 ? "" : `, proxy ${[...new Set(hosts)].join(" and ")}`;
}

/** The innermost cause: fetch itself says no more than "fetch failed". */
function innermost(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  if (error instanceof Error && error.cause !== undefined) return innermost(error.cause);
  return lastLineOf(error);
}

async function fetchInto(
  rt: Runtime,
  file: Published,
  draft: string,
  signal: AbortSignal,
  onBytes: (bytes: number, of: number) => void,
): Promise<void> {
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  const agent = new EnvHttpProxyAgent({
    httpProxy: proxyOf(rt, "http_proxy"),
    httpsProxy: proxyOf(rt, "https_proxy"),
    noProxy: variable(rt, "no_proxy"),
  });
  try {
    const response = await fetch(file.url, { dispatcher: agent, signal });
    if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
    const of = Number(response.headers.get("content-length") ?? 0);
    const hash = createHash("sha256");
    const counting = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        onBytes(chunk.length, of);
        done(undefined, chunk);
      },
    });
    const body = Readable.fromWeb(response.body);
    await pipeline(body, counting, createWriteStream(draft), { signal });
    const got = hash.digest("hex");
    if (got !== file.sha256) throw new Error(`SHA-256 is ${got}, expected ${file.sha256}`);
  } finally {
    await agent.destroy();
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/**
 * Downloads a file and checks what it is; the proxies of the environment are used. Meant for a draft that is renamed after: on failure part of
 * it may be there. Throws one sentence with the host, the file and the reason (exit 3).
 */
export async function download(
  rt: Runtime,
  file: Published,
  draft: string,
  note: (text: string) => void,
  limits: DownloadLimits = defaultLimits,
): Promise<void> {
  const giveUp = new AbortController();
  let bytes = 0;
  let total = 0;
  let last = rt.clock.elapsed();
  let stalled = "";
  const signal = AbortSignal.any([rt.signal, giveUp.signal]);
  const work = fetchInto(rt, file, draft, signal, (more, of) => {
    bytes += more;
    total = of;
    last = rt.clock.elapsed();
  });
  try {
    await withProgress(rt, work, {
      expectedSeconds: 20,
      now: () => (bytes === 0 ? `asking ${new URL(file.url).host}` : `${megabytes(bytes)} of ${megabytes(total)} MB`),
      note,
      watch: () => {
        const limit = bytes === 0 ? limits.answerMs : limits.stallMs;
        if (rt.clock.elapsed() - last < limit) return;
        stalled = `nothing came for ${Math.round(limit / 1000)} s`;
        giveUp.abort();
      },
    });
  } catch (error) {
    if (rt.signal.aborted) throw error instanceof LabsError ? error : interruptedError();
    const { host, pathname } = new URL(file.url);
    const why = stalled === "" ? innermost(error) : stalled;
    throw environmentError(
      `${pathname.split("/").at(-1)} could not be downloaded from ${host}: ${why}${proxyText(rt)}`,
      {
        cure: "let this machine reach it, or set HTTPS_PROXY",
        cause: error,
      },
    );
  }
}
