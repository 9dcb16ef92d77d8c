import type { Session } from "../../src/session/session.ts";

/** A running session of the fake lab on a kind cluster. */
export function fakeSession(parts: Partial<Session> = {}): Session {
  return {
    version: 1,
    id: "s1",
    lab: { id: "probes-storm", dir: "/opt/labs/labs/probes-storm", digest: "d1" },
    variant: "main",
    seed: "seed",
    startedAt: "2026-01-01T00:00:00.000Z",
    phase: "running",
    sandbox: { provider: "kind", name: "labs-abc123-0w" },
    values: { token: "t0ken" },
    open: [],
    ...parts,
  };
}
