import { describe, expect, test } from "vitest";
import { type AnyActionType, RefusedError, runActionType } from "../../src/experiments/action.ts";
import { clone } from "../../src/experiments/actions/clone.ts";
import { roll } from "../../src/experiments/actions/roll.ts";
import { run } from "../../src/experiments/actions/run.ts";
import { runControl } from "../../src/experiments/control.ts";
import { KubeError } from "../../src/kube/kube-error.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeExperiment } from "../fakes/lab.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment } from "../fakes/workloads.ts";

const of = "deployment/payments";
const actions: [name: string, type: AnyActionType, params: object, detail: string][] = [
  ["clone", clone, { of }, "a clone of deployment/payments was refused: "],
  ["run", run, { image: "labs/go-app:v1" }, "labs/go-app:v1: refused: "],
  ["roll", roll, { workload: of, within: "5s" }, "deployment/payments cannot be rolled: "],
];

/** A cluster that refuses every change. */
function refusing(error: KubeError) {
  const fail = () => Promise.reject(error);
  const kube = fakeKube([fakeDeployment("payments", 1)], { create: fail, patch: fail });
  return fakeActionContext({ sandbox: fakeKindSandbox({ kube }) });
}

describe.each(actions)("%s", (name, type, params, detail) => {
  const spec = { name, params: { ...params } };

  test.each([
    [403, "exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1"],
    [403, 'violates PodSecurity "restricted:latest"'],
    [403, "maximum memory usage per Container is 16Mi, but limit is 64Mi"],
    [404, 'namespaces "shop" not found'],
    [422, "denied by policy"],
  ])("is not finished, with the words of the API server, after %s %s", async (status, message) => {
    const outcome = await runActionType(type, spec, refusing(new KubeError(message, { status })));
    expect(outcome).toMatchObject({ finished: false, detail: `${detail}${message}` });
  });

  test.each([[401], [409], [429], [500], [undefined]])(
    "throws after %s, which is not the learner's",
    async (status) => {
      const error = new KubeError("no", status === undefined ? { unreachable: true } : { status });
      await expect(runActionType(type, spec, refusing(error))).rejects.toBe(error);
    },
  );
});

describe("a control", () => {
  const control = { name: "clone", params: { of } };
  const experiment = fakeExperiment("e", [], { control });

  test("that is refused for what the learner did is a refusal", async () => {
    const context = refusing(new KubeError("exceeded quota: small", { status: 403 }));
    const refused = new RefusedError("no control: a clone of deployment/payments was refused: exceeded quota: small");
    await expect(runControl(experiment, context, 1000, [clone])).rejects.toEqual(refused);
  });

  test("of a workload that was deleted is a refusal too", async () => {
    const context = fakeActionContext({ sandbox: fakeKindSandbox({ kube: fakeKube() }) });
    const refused = new RefusedError("no control: deployment/payments does not exist");
    await expect(runControl(experiment, context, 1000, [clone])).rejects.toEqual(refused);
  });
});
