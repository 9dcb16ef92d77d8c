import { expect, it } from "vitest";
import { networkReady } from "../../src/sandbox/kind/network-ready.ts";
import { fakeAgent, fakeAnswer } from "../fakes/agent.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

it("takes any status for an answer, and looks until there is one", async () => {
  const answers = [fakeAnswer({ status: 0, kind: "dns" }), fakeAnswer({ status: 400 })];
  await networkReady(
    fakeRuntime(),
    fakeAgent({ request: async () => answers.shift() ?? fakeAnswer({ status: 0, error: "asked too often" }) }),
  );
  expect(answers).toEqual([]);
});

it("says what a pod saw when there is none", async () => {
  const agent = fakeAgent({ request: async () => fakeAnswer({ status: 0, error: "lookup failed" }) });
  await expect(networkReady(fakeRuntime(), agent)).rejects.toThrow("pods reach no service within 30 s: lookup failed");
});
