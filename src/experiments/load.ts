import { randomBytes } from "node:crypto";
import { z } from "zod";
import { environmentError } from "../lib/errors.ts";
import { duration } from "../lib/units.ts";
import { stampShift } from "../lib/other-clock.ts";
import type { LoadResult, LoadSpec } from "../sandbox/agent/load-agent.ts";
import { containerName } from "../sandbox/sandbox.ts";
import type { ActionContext } from "./action.ts";
import { targetMembers } from "../system/members.ts";
import { observe } from "../lib/poll.ts";
import { target, targetText } from "../lab/target.ts";
import { hasContainers } from "../sandbox/capabilities.ts";

type Where = Pick<ActionContext, "sandbox" | "session" | "namespace" | "rt">;

/** A load under way. */
export interface LoadRun {
  /** Hosts it goes to. */
  readonly hosts: readonly string[];
  /** Resolves once every part of it has sent requests. */
  steady(): Promise<void>;
  /** Ends it; the result of all its parts, with its seconds by the clock's `elapsed`. */
  stop(): Promise<LoadResult>;
}

/** Hosts behind a target: the Service's name, the container's, or the address of each ready pod. */
async function hostsOf(where: Where, { to }: LoadParams): Promise<string[]> {
  if (hasContainers(where.sandbox)) return [containerName(where.sandbox, to.name)];
  // With a dot at its end a name is looked up once, not under every search domain first; DNS would take more CPU than the requests.
  if (to.kind === "service") return [`${to.name}.${where.namespace}.svc.cluster.local.`];
  const members = await targetMembers(where, to);
  return members.filter((member) => member.ready && !member.terminating).map((member) => member.host);
}

/** The service wants an id in each payment, so a POST of which the lab says nothing more carries one. */
function bodyOf({ method, body, idempotent = method === "POST" && body === undefined }: LoadParams) {
  return { ...(idempotent ? { idempotent } : {}), ...(body === undefined ? {} : { body }) };
}

function specOf(where: Where, params: LoadParams, host: string, hosts: number, maxMs: number): LoadSpec {
  const { name, to, port = to.kind === "service" ? 80 : 8080, path, method, rate, concurrency } = params;
  return {
    id: `${name}-${randomBytes(4).toString("hex")}`,
    url: `http://${host}:${port}${path}`,
    method,
    connections: params.connections,
    timeoutMs: params.timeout,
    maxMs,
    ...bodyOf(params),
    // However many pods there are, the agent and the machine stay usable.
    ...(rate === undefined ? {} : { rate: Math.min(rate, maxRate / hosts) }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(params.proof ? { nonce: true, key: where.session.values["token"] ?? "" } : {}),
  };
}

/** Starts a load that ends by itself after `maxMs`. Undefined when nothing is behind the target. */
export async function startLoad(where: Where, params: LoadParams, maxMs: number): Promise<LoadRun | undefined> {
  const { agent } = where.sandbox;
  const hosts = await hostsOf(where, params);
  const specs = hosts.map((host) => specOf(where, params, host, hosts.length, maxMs));
  const started: string[] = [];
  const from = where.rt.clock.elapsed();
  let to = from;
  const stop = async (): Promise<LoadResult> => {
    const [first, ...rest] = await Promise.all(started.map((id) => agent.stop(id)));
    if (first === undefined) throw environmentError(`load ${params.name} has not run`);
    const result = rest.length === 0 ? { ...first, id: params.name } : mergeLoads(params.name, [first, ...rest]);
    const shift = stampShift(where.rt.clock, Date.parse(first.startedAt), { from, to });
    return { ...result, seconds: result.seconds.map((second) => ({ ...second, t: second.t - shift / 1000 })) };
  };
  try {
    for (const spec of specs) {
      await agent.start(spec);
      if (started.length === 0) to = where.rt.clock.elapsed();
      started.push(spec.id);
    }
  } catch (error) {
    await Promise.allSettled(started.map((id) => agent.stop(id)));
    throw error;
  }
  if (specs.length === 0) return undefined;
  return {
    hosts,
    stop,
    async steady() {
      const waited = await observe(
        where.rt,
        async () => {
          const results = await Promise.all(started.map((id) => agent.read(id)));
          const slowest = Math.min(...results.map((result) => result.sent));
          return slowest >= 2 ? { done: true, value: undefined } : { done: false, seen: `${slowest} requests sent` };
        },
        { withinMs: 15_000 },
      );
      if (!waited.ok)
        throw environmentError(`load ${params.name} to ${targetText(params.to)} did not start: ${waited.seen}`);
    },
  };
}

/** A load in a sentence: "590 sent, 3 failed (3 refused)". */
export function loadText({ sent, failed, byKind }: LoadResult): string {
  const kinds = Object.entries(byKind).filter(([kind, count]) => kind !== "ok" && count > 0);
  const why = kinds.length === 0 ? "" : ` (${kinds.map(([kind, count]) => `${count} ${kind}`).join(", ")})`;
  return `${sent} sent, ${failed} failed${why}`;
}

/** No load may last longer. */
export const maxLoadMs = 5 * 60_000;

/** Requests per second that one load may send in all. */
export const maxRate = 200;

/** What `traffic` and `load` have in common, as lab files write it. */
export const loadFields = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "lower case letters, digits and dashes")
    .default("load")
    .describe("Under this name checks find the result"),
  to: target,
  port: z.int().min(1).max(65_535).optional().describe("Default 80 for a Service, else 8080"),
  path: z.string().startsWith("/").default("/"),
  method: z.enum(["GET", "POST"]).default("GET"),
  body: z.string().optional(),
  rate: z.number().positive().max(maxRate).optional().describe("Requests a second, to each pod of a workload"),
  concurrency: z.int().min(1).max(64).optional().describe("So many requests in flight all the time, to each pod"),
  connections: z.enum(["new", "kept"]).default("kept"),
  timeout: duration.prefault("5s"),
  proof: z.boolean().default(false).describe("Only answers that the lab's own service can give count as ok"),
  idempotent: z.boolean().optional().describe("Every body carries an id of its own; default for a POST without body"),
};

/** A load goes at a rate or keeps so many requests in flight. */
export function oneOfRateAndConcurrency(params: {
  readonly rate?: number | undefined;
  readonly concurrency?: number | undefined;
}): boolean {
  return (params.rate === undefined) !== (params.concurrency === undefined);
}

const params = z.strictObject(loadFields);

/** Parameters of one load. */
export type LoadParams = z.infer<typeof params>;

type Counts = Readonly<Record<string, number>>;

function sum(counts: readonly Counts[]): Counts {
  const total: Record<string, number> = {};
  for (const one of counts) for (const [key, value] of Object.entries(one)) total[key] = (total[key] ?? 0) + value;
  return total;
}

function seconds(results: readonly LoadResult[]): LoadResult["seconds"] {
  const byTime = new Map<number, { t: number; ok: number; failed: number }>();
  for (const { t, ok, failed } of results.flatMap((result) => result.seconds)) {
    const sofar = byTime.get(t) ?? { t, ok: 0, failed: 0 };
    byTime.set(t, { t, ok: sofar.ok + ok, failed: sofar.failed + failed });
  }
  return [...byTime.values()].sort((a, b) => a.t - b.t);
}

/**
 * Loads that ran side by side against the pods of one workload, as one result. Counts are added; a latency is that of the worst pod, as
 * percentiles cannot be added.
 */
export function mergeLoads(id: string, results: readonly [LoadResult, ...LoadResult[]]): LoadResult {
  const total = (pick: (result: LoadResult) => number): number => results.reduce((all, one) => all + pick(one), 0);
  const worst = (pick: (result: LoadResult) => number): number => Math.max(...results.map(pick));
  const rates = results.flatMap((result) => result.completedPerSecond ?? []);
  const failures = results.flatMap((result) => result.firstFailure ?? []).sort((a, b) => a.at.localeCompare(b.at));
  return {
    id,
    startedAt: results.map((result) => result.startedAt).reduce((a, b) => (a < b ? a : b)),
    endedAt: results
      .map((result) => result.endedAt)
      .reduce((a, b) => (a === null || b === null ? null : a > b ? a : b)),
    state: results.every((result) => result.state === "done") ? "done" : "running",
    sent: total((result) => result.sent),
    ok: total((result) => result.ok),
    failed: total((result) => result.failed),
    inflight: total((result) => result.inflight),
    retried: total((result) => result.retried),
    byKind: sum(results.map((result) => result.byKind)),
    byStatus: sum(results.map((result) => result.byStatus)),
    byPod: sum(results.map((result) => result.byPod)),
    byVersion: sum(results.map((result) => result.byVersion)),
    latencyMs: {
      p50: worst((result) => result.latencyMs.p50),
      p95: worst((result) => result.latencyMs.p95),
      p99: worst((result) => result.latencyMs.p99),
      max: worst((result) => result.latencyMs.max),
    },
    seconds: seconds(results),
    firstFailure: failures[0] ?? null,
    ...(rates.length > 0 ? { completedPerSecond: rates.reduce((a, b) => a + b, 0) } : {}),
  };
}
