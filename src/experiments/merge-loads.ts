import type { LoadResult } from "../sandbox/load-agent.ts";

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
