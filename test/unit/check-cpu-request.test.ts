import { describe, expect, it } from "vitest";
import type { CpuWindow } from "../../src/system/record.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeReading } from "../fakes/cpu-reading.ts";
import { fakeDeployment, fakePod, fakeReplicaSet } from "../fakes/objects.ts";
import { fakeRecord, fakeSeen } from "../fakes/record.ts";
import { runCheck } from "../fakes/run-check.ts";

function request(cpu: string) {
  return { resources: { requests: { cpu } } };
}

/** A pod with these requests of CPU: of its containers, and of its own. */
function asking(name: string, containers: readonly string[], own?: string, revision = 2): KubeObject {
  const spec = {
    containers: containers.map((cpu, index) => ({ name: `c${index}`, ...request(cpu) })),
    ...(own === undefined ? {} : request(own)),
  };
  return { ...fakePod(name, { revision }), spec };
}

/** A pod that used so many millicores over 10 s. */
function used(target: string, millis: number): CpuWindow {
  const before = fakeReading({ quotaMicros: -1, gomaxprocs: 2, at: 5000, usageMicros: 700_000 });
  return { target, before, after: { ...before, at: 15_000, usageMicros: 700_000 + millis * 10_000 } };
}

describe("cpu-request", () => {
  const spec = { type: "cpu-request", of: "deployment/payments", atLeast: 0.8 };
  const cluster = [fakeDeployment(), fakeReplicaSet(1), fakeReplicaSet(2)];
  const pods = [fakeSeen("a"), fakeSeen("b")];
  const cpu = [used("a", 6), used("b", 14)];

  async function judge(objects: readonly KubeObject[], record: Parameters<typeof fakeRecord>[0]) {
    return runCheck(spec, fakeCheckContext([...cluster, ...objects], { record: fakeRecord(record) }));
  }

  it.each([
    ["as much as is used", [asking("a", ["8m"]), asking("b", ["20m"])], "pass"],
    ["less than is used", [asking("a", ["20m"]), asking("b", ["7m"])], "fail"],
    ["two containers together", [asking("a", ["4m", "4m"])], "pass"],
    ["a request of the pod's own", [asking("a", ["20m"], "1m")], "fail"],
    ["no request", [fakePod("a", { revision: 2 })], "fail"],
    ["only old pods that ask for little", [asking("a", ["8m"]), asking("z", ["1m"], undefined, 1)], "pass"],
    ["no pods", [], "fail"],
  ])("%s: %j", async (_name, objects, outcome) => {
    expect((await judge(objects, { pods, cpu })).outcome).toBe(outcome);
  });

  it("tells what is used and who asks for less", async () => {
    const { observed } = await judge([asking("a", ["1m"]), asking("b", ["20m"])], { pods, cpu });
    expect(observed).toBe("pods use 10.0m; a requests 1m");
  });

  it("fails without counters of this workload", async () => {
    const objects = [asking("a", ["20m"])];
    expect((await judge(objects, { pods })).outcome).toBe("fail");
    expect((await judge(objects, { pods, cpu: [used("z", 6)] })).outcome).toBe("fail");
  });
});
