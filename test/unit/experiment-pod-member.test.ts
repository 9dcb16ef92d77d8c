import { describe, expect, test } from "vitest";
import { podMember } from "../../src/system/pod.ts";
import { fakePod } from "../fakes/workloads.ts";

const lastEnd = { reason: "Error", exitCode: 1, finishedAt: "2026-01-01T00:00:00Z" };

describe("podMember", () => {
  test("counts a container that was killed and waits for its next start as ended", () => {
    const waiting = podMember(fakePod("a", { ready: false, restarts: 3, waiting: "CrashLoopBackOff", lastEnd }));
    expect(waiting).toMatchObject({ restarts: 4 });
  });

  test("counts the same end once when the next start has come", () => {
    expect(podMember(fakePod("a", { restarts: 4, lastEnd }))).toMatchObject({ restarts: 4 });
  });

  test("a container that waits for its first start has not ended", () => {
    expect(podMember(fakePod("a", { ready: false, waiting: "ContainerCreating" }))).toMatchObject({ restarts: 0 });
  });
});
