import { expect, test } from "vitest";
import { fakeAgent, fakeAnswer } from "../fakes/agent.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeAction, fakeRecord, fakeSeen } from "../fakes/record.ts";
import { runCheck } from "../fakes/run-check.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment, fakePod } from "../fakes/workloads.ts";

const mebi = 2 ** 20;
const of = "deployment/payments";

function reading(target: string, used: number) {
  return { target, usedBytes: used * mebi, limitBytes: 100 * mebi };
}

const nodeShell = async () => ({ exitCode: 0, stdout: `${100 * mebi}\nanon 1\n`, stderr: "" });

/** A cluster with one ready pod that uses 100 MiB. */
function live(limitBytes: number, ready = true) {
  const kube = fakeKube([fakeDeployment("payments", 1), fakePod("a", { ready })]);
  const agent = fakeAgent({ request: async () => fakeAnswer({ body: JSON.stringify({ memory: { limitBytes } }) }) });
  return fakeCheckContext([], { sandbox: fakeKindSandbox({ kube, agent, nodeShell }) });
}

test.each([
  [128, { limit: { atMost: "256Mi" } }, "pass"],
  [128, { limit: { atMost: "64Mi" } }, "fail"],
  [128, { used: { atMost: 0.9 } }, "pass"],
  [110, { used: { atMost: 0.9 } }, "fail"],
  [-1 / mebi, { limit: { atMost: "256Mi" } }, "fail"],
  [-1 / mebi, { used: { atMost: 0.9 } }, "fail"],
])("a limit of %i Mi against %o: %s", async (limit, given, outcome) => {
  expect((await runCheck({ type: "memory", of, ...given }, live(limit * mebi))).outcome).toBe(outcome);
});

test("says what is used, and fails where nothing can be measured", async () => {
  const spec = { type: "memory", of, limit: { atMost: "256Mi" }, used: { atMost: 0.9 } };
  expect(await runCheck(spec, live(110 * mebi))).toMatchObject({
    expected:
      "each pod of deployment/payments: a memory limit of at most 256Mi, at most 90 % of its memory limit in use",
    observed: "pod/a 100 of 110 MiB",
  });
  expect((await runCheck(spec, live(-1))).observed).toBe("pod/a 100 MiB without a limit");
  expect((await runCheck(spec, live(128 * mebi, false))).outcome).toBe("fail");
});

test("judges what an experiment has measured, of this workload only", async () => {
  const pods = [fakeSeen("a"), fakeSeen("b", { workload: "deployment/other" })];
  const judge = (readings: unknown) =>
    runCheck(
      { type: "memory", of, used: { atMost: 0.9 } },
      fakeCheckContext([], {
        record: fakeRecord({ pods, actions: [fakeAction(), fakeAction({ data: { readings } })] }),
      }),
    );
  expect((await judge([reading("a", 80), reading("b", 99)])).outcome).toBe("pass");
  expect(await judge([reading("a", 95)])).toMatchObject({ outcome: "fail", observed: "pod/a 95 of 100 MiB" });
  expect((await judge([])).outcome).toBe("fail");
});
