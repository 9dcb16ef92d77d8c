import { describe, expect, it } from "vitest";
import type { LoadAgent } from "../../src/sandbox/agent/load-agent.ts";
import { fakeClock } from "../fakes/clock.ts";
import { fakeKube } from "../fakes/kube.ts";
import { matchesSelector } from "../fakes/label-selector.ts";
import { strict } from "../fakes/strict.ts";

const { signal } = new AbortController();

describe("the fakes", () => {
  it("refuse a call that was not listed", () => {
    expect(() => strict<LoadAgent>("agent", {}).read("x")).toThrow('unexpected call agent.read("x")');
  });

  it("wake sleepers in the order of their times", async () => {
    const clock = fakeClock(0);
    const woken: string[] = [];
    const sleeper = async (name: string, ms: number) => {
      await clock.sleep(ms, signal);
      woken.push(`${name} ${clock.now()}`);
    };
    await Promise.all([sleeper("late", 500), sleeper("early", 200).then(() => sleeper("again", 200))]);
    expect(woken).toEqual(["early 200", "again 400", "late 500"]);
  });

  it("end a sleep that is aborted", async () => {
    const abort = new AbortController();
    const sleep = fakeClock().sleep(1000, abort.signal);
    abort.abort();
    await expect(sleep).rejects.toThrow("interrupted");
  });

  it("select by label as the API server does", () => {
    const labels = { app: "pay", tier: "back" };
    for (const yes of [
      "",
      "app=pay",
      "app==pay,tier",
      "app in (x, pay)",
      "app!=x",
      "!gone",
      "app notin (x,y),tier=back",
    ]) {
      expect(matchesSelector(labels, yes), yes).toBe(true);
    }
    for (const no of ["app=x", "!app", "gone", "app in (x)", "app=pay,tier=front", "gone in (x)"]) {
      expect(matchesSelector(labels, no), no).toBe(false);
    }
  });

  it("list copies, by namespace, and refuse a kind that discovery does not know", async () => {
    const kube = fakeKube([
      { apiVersion: "v1", kind: "Pod", metadata: { name: "a", namespace: "shop" } },
      { apiVersion: "v1", kind: "Pod", metadata: { name: "b", namespace: "other" } },
    ]);
    const pods = await kube.list({ kind: "Pod", namespace: "shop" });
    expect(pods.map((pod) => pod.metadata.name)).toEqual(["a"]);
    await expect(kube.list({ kind: "Wat" })).rejects.toThrow("no resource of kind Wat");
  });
});
