import { expect, test } from "vitest";
import { z } from "zod";
import { defineAction, type ActionOutcome, type AnyActionType } from "../../src/experiments/action.ts";
import { runControl } from "../../src/experiments/control.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeLoadResult } from "../fakes/agent.ts";
import { fakeReading } from "../fakes/cpu-reading.ts";
import { fakeExperiment } from "../fakes/lab.ts";

const cpu = fakeReading({ quotaMicros: -1 });

function types(made: ActionOutcome): { list: AnyActionType[]; loads: Record<string, unknown>[] } {
  const loads: Record<string, unknown>[] = [];
  const common = { summary: "", needs: [], params: z.record(z.string(), z.unknown()) };
  const clone = defineAction({ ...common, name: "clone", run: async () => made });
  const load = defineAction({
    ...common,
    name: "load",
    run: async (params) => {
      loads.push(params);
      const name = String(params["name"]);
      const window = { target: name, before: cpu, after: cpu };
      return { finished: true, detail: "", traffic: { [name]: fakeLoadResult({ id: name }) }, cpu: [window] };
    },
  });
  return { list: [clone, load], loads };
}

const made = { finished: true, detail: "", data: { target: "container/api-clone-1" } };
const experiment = fakeExperiment("e", [], {
  do: [
    { name: "load", params: { name: "steady", to: "container/api", rate: 3, for: "30s" } },
    { name: "recover", params: { workload: "container/api", within: "5s" } },
  ],
  with: [{ name: "traffic", params: { name: "beside", to: "container/api", rate: 5, cpu: true } }],
  control: { name: "clone", params: { of: "container/api", drop: "cpu-limit" } },
});

test("sends the same loads to the clone, and nothing else", async () => {
  const { list, loads } = types(made);
  const control = await runControl(experiment, fakeActionContext(), 31_500, list);
  expect(loads).toEqual([
    { name: "steady", to: "container/api-clone-1", rate: 3, for: "30s" },
    { name: "beside", to: "container/api-clone-1", rate: 5, for: "31500ms" },
  ]);
  expect(Object.keys(control?.traffic ?? {})).toEqual(["steady", "beside"]);
  expect(control?.cpu.map((window) => window.target)).toEqual(["steady", "beside"]);
});

test("keeps traffic of a long experiment within a minute", async () => {
  const { list, loads } = types(made);
  await runControl({ ...experiment, do: [] }, fakeActionContext(), 200_000, list);
  expect(loads).toMatchObject([{ for: "60000ms" }]);
});

test("is no control, but an error, when the clone did not start", async () => {
  const { list } = types({ finished: false, detail: "the clone is pending", data: made.data });
  await expect(runControl(experiment, fakeActionContext(), 1000, list)).rejects.toMatchObject({
    exitCode: 3,
    message: "no control: the clone is pending",
  });
});

test("is absent where the experiment has none", async () => {
  const { control: _, ...without } = experiment;
  expect(await runControl(without, fakeActionContext(), 1000, [])).toBeUndefined();
});
