import type { ActionRecord, PodSeen, RunRecord } from "../../src/system/record.ts";

/** A record of an experiment in which nothing happened: started at 0 s, acted from 10 s to 40 s, ended at 60 s; 5 s of it were ours. */
export function fakeRecord(parts: Partial<RunRecord> = {}): RunRecord {
  return {
    experiment: "outage",
    startedAt: 0,
    doStartedAt: 10_000,
    doEndedAt: 40_000,
    endedAt: 60_000,
    windowMs: 55_000,
    actions: [],
    traffic: {},
    pods: [],
    available: [],
    cpu: [],
    ...parts,
  };
}

/** An action that took 20 s and reached its end. */
export function fakeAction(parts: Partial<ActionRecord> = {}): ActionRecord {
  const times = { startedAt: 10_000, endedAt: 30_000 };
  return { action: "deadlock", ...times, finished: true, detail: "done", targets: [], data: {}, ...parts };
}

/** A ready pod of deployment/payments, seen at the start. */
export function fakeSeen(name: string, parts: Partial<PodSeen> = {}): PodSeen {
  return {
    at: 0,
    name,
    uid: `uid-${name}`,
    labels: {},
    workload: "deployment/payments",
    current: true,
    ready: true,
    restarts: 0,
    terminating: false,
    gone: false,
    node: "n1",
    lastEnd: "",
    ...parts,
  };
}
