import { expect, it } from "vitest";
import { z } from "zod";
import { type AnyCheckType, defineCheck } from "../../src/checks/check.ts";
import { look, runCheckType } from "../../src/checks/look.ts";
import { type AnyActionType, accompanyActionType, defineAction, runActionType } from "../../src/experiments/action.ts";
import { findAction } from "../../src/experiments/registry.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeForeignCluster } from "../fakes/sandbox.ts";
import { fakeDeployment } from "../fakes/workloads.ts";

const atLeast = defineCheck({
  name: "at-least",
  summary: "A test double",
  reads: ["sandbox"],
  needs: [],
  racy: false,
  params: z.strictObject({ value: z.string().transform(Number) }),
  run: ({ value }) =>
    Promise.resolve({ outcome: value > 2 ? "pass" : "fail", expected: "> 2", observed: String(value) }),
});

const nap = defineAction({
  name: "nap",
  summary: "A test double",
  needs: [],
  params: z.strictObject({ ms: z.number() }),
  run: ({ ms }) => Promise.resolve({ finished: true, detail: `${ms} ms` }),
});

const checks: readonly AnyCheckType[] = [atLeast];
const actions: readonly AnyActionType[] = [nap];

const checkContext = fakeCheckContext([]);
const actionContext = fakeActionContext();

it("runs a check out of a mixed list with parsed parameters", async () => {
  const [type] = checks;
  if (type === undefined) throw new Error("empty");
  await expect(runCheckType(type, { type: "at-least", value: "3" }, checkContext)).resolves.toMatchObject({
    outcome: "pass",
    observed: "3",
  });
  await expect(runCheckType(type, { type: "at-least", vlaue: "3" }, checkContext)).rejects.toThrow("vlaue");
});

it("runs an action only where it can stand", async () => {
  const [type] = actions;
  if (type === undefined) throw new Error("empty");
  const spec = { name: "nap", params: { ms: 5 } };
  await expect(runActionType(type, spec, actionContext)).resolves.toEqual({ finished: true, detail: "5 ms" });
  await expect(accompanyActionType(type, spec, actionContext)).rejects.toThrow('cannot stand in "with"');
});

it("refuses a check or an action whose needs the sandbox lacks, and tells them", async () => {
  const sandbox = fakeForeignCluster();
  const given = { type: "at-least", value: "3" };
  const judged = await look(given, { ...checkContext, sandbox }, [{ ...atLeast, needs: ["cluster"] }]);
  expect(judged.outcome).toBe("pass");
  const onNodes: AnyCheckType = { ...atLeast, needs: ["cluster", "nodes", "nodeShell"] };
  await expect(look(given, { ...checkContext, sandbox }, [onNodes])).resolves.toMatchObject({
    outcome: "error",
    observed:
      "at-least needs cluster nodes that it may change and commands run on cluster nodes, which theirs does not have",
  });
  const spec = { name: "nap", params: { ms: 5 } };
  const acting = { ...actionContext, sandbox };
  const lack = { exitCode: 3, message: "nap needs the containers of a Docker lab, which theirs does not have" };
  const type: AnyActionType = { ...nap, needs: ["containers"], accompany: () => Promise.reject(new Error("begun")) };
  await expect(runActionType(type, spec, acting)).rejects.toMatchObject(lack);
  await expect(accompanyActionType(type, spec, acting)).rejects.toMatchObject(lack);
});

it("judges what needs only a cluster in one that is not ours, and cordons no node of it", async () => {
  const context = fakeCheckContext([], { sandbox: fakeForeignCluster([fakeDeployment("api", 1)]) });
  await expect(look({ type: "exists", kind: "Deployment", name: "api" }, context)).resolves.toMatchObject({
    outcome: "pass",
  });
  const memory = { type: "memory", of: "deployment/api", limit: { atMost: "64Mi" } };
  await expect(look(memory, context)).resolves.toMatchObject({
    outcome: "error",
    observed: "memory needs commands run on cluster nodes, which theirs does not have",
  });
  const acting = fakeActionContext({ sandbox: context.sandbox });
  const cordon = { name: "cordon", params: { nodesOf: "deployment/api" } };
  await expect(runActionType(findAction("cordon"), cordon, acting)).rejects.toThrow(
    "cordon needs cluster nodes that it may change, which theirs does not have",
  );
});
