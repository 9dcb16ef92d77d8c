import { expect, it } from "vitest";
import { placement } from "../../src/checks/types/placement.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeAction, fakeRecord } from "../fakes/record.ts";
import { runCheck } from "../fakes/run-check.ts";

const copies = {
  onProd: { name: "c-1", node: "worker2", labels: { env: "prod", rack: "a" }, why: "" },
  onMonitoring: { name: "c-2", node: "worker", labels: { pool: "monitoring" }, why: "" },
  waiting: { name: "c-3", node: "", labels: {}, why: "0/4 nodes are available" },
};

type Copy = keyof typeof copies;

function judge(rule: Record<string, unknown>, which: readonly Copy[], finished = true) {
  const data = { name: "closed", of: "deployment/orders", copies: which.map((one) => copies[one]) };
  const other = fakeAction({ action: "place", data: { ...data, name: "other", copies: [] } });
  const action = fakeAction({ action: "place", finished, detail: "told", data });
  const record = fakeRecord({ actions: [other, action] });
  return runCheck({ type: "placement", from: "closed", ...rule }, fakeCheckContext([], { record }));
}

const prod = { env: "prod" };

it.each<[object, Copy[], string]>([
  [{ onNodes: prod }, ["onProd"], "pass"],
  [{ on: prod }, ["onProd"], "pass"],
  [{ onNodes: { env: "prod", rack: "b" } }, ["onProd"], "fail"],
  [{ on: prod }, ["onProd", "onMonitoring"], "fail"],
  [{ on: prod }, ["onProd", "waiting"], "fail"],
  [{ notOn: prod }, ["onMonitoring", "waiting"], "pass"],
  [{ notOn: prod }, ["onMonitoring", "onProd"], "fail"],
  [{ pending: true }, ["waiting"], "pass"],
  [{ pending: true }, ["waiting", "onProd"], "fail"],
  [{ on: prod }, [], "fail"],
  [{ notOn: prod }, [], "fail"],
  [{ pending: true }, [], "fail"],
])("judges %j of %j: %s", async (rule, which, outcome) => {
  expect((await judge({ ...rule }, which)).outcome).toBe(outcome);
});

it("names the copies that went astray", async () => {
  expect(await judge({ on: prod }, ["onProd", "onMonitoring", "waiting"])).toMatchObject({
    expected: "closed: every copy is placed on a node with env=prod",
    observed: "c-2 was placed on worker; c-3 was not placed: 0/4 nodes are available",
    lookAt: "kubectl -n shop get deployment/orders -o yaml",
  });
  expect((await judge({ pending: true }, ["onProd"])).observed).toBe("c-1 was placed on worker2");
});

it("fails where nothing was tried out", async () => {
  expect(await judge({ pending: true }, ["waiting"], false)).toMatchObject({ outcome: "fail", observed: "told" });
  expect(await judge({ from: "else", pending: true }, ["waiting"])).toMatchObject({
    outcome: "fail",
    observed: "no action else ran",
  });
});

it("asks for one rule", () => {
  expect(placement.params.safeParse({ from: "a" }).success).toBe(false);
  expect(placement.params.safeParse({ from: "a", onNodes: prod, pending: true }).success).toBe(false);
  expect(placement.params.safeParse({ from: "a", onNodes: prod, on: prod }).success).toBe(false);
  expect(placement.params.safeParse({ from: "a", pending: false }).success).toBe(false);
});
