import { describe, expect, it } from "vitest";
import type { Sink } from "../../src/lib/sink.ts";
import { liveLine } from "../../src/ui/live-line.ts";
import { type Step, runSteps } from "../../src/ui/steps.ts";
import { fakeClock } from "../fakes/clock.ts";
import { fakeRuntime, fakeSink } from "../fakes/runtime.ts";

function scene(parts: Partial<Sink> = {}) {
  const clock = fakeClock();
  const err = fakeSink(parts);
  const out = fakeSink();
  return { clock, err, out, rt: fakeRuntime({ clock, err, out }) };
}

describe("steps without a terminal", () => {
  it("are told one a line on stderr, with their time, in order", async () => {
    const { rt, clock, err, out } = scene();
    const took = (title: string, ms: number): Step => ({ title, run: async () => clock.advance(ms) });
    const skipped: Step = {
      title: "Wait",
      skip: async () => "not asked for",
      run: () => Promise.reject(new Error("ran")),
    };
    const times = await runSteps(rt, [took("First", 1240), skipped, { ...took("Last", 12_600), skip: () => false }]);
    expect(err.text()).toBe("✓ First (1.2 s)\n- Wait (not asked for)\n✓ Last (13 s)\n");
    expect(out.text()).toBe("");
    expect(times).toEqual({ First: 1240, Last: 12_600 });
  });

  it("give a sign of life every 10 s, not every change", async () => {
    const { rt, clock, err } = scene();
    const run: Step["run"] = async ({ note }) => {
      for (let second = 0; second < 25; second++) {
        note(`pulled ${second} %`);
        clock.advance(1000);
      }
    };
    await runSteps(rt, [{ title: "Pull", run }]);
    expect(err.text()).toBe("  Pull: pulled 10 %\n  Pull: pulled 20 %\n✓ Pull (25 s)\n");
  });

  it("end at the first that fails, which is marked", async () => {
    const { rt, err } = scene();
    const failing: Step = { title: "Break", run: () => Promise.reject(new Error("no such object")) };
    const never: Step = { title: "After", run: () => Promise.reject(new Error("ran")) };
    await expect(runSteps(rt, [failing, never])).rejects.toThrow("no such object");
    expect(err.text()).toBe("✗ Break\n");
  });
});

describe("the live line", () => {
  it("is one line in 10 s without a terminal", () => {
    const { rt, clock, err } = scene();
    const live = liveLine(rt);
    live.show("");
    live.show("looking at pods");
    clock.advance(9999);
    live.show("still looking");
    clock.advance(1);
    live.show("experiment outage");
    live.end();
    expect(err.text()).toBe("… looking at pods\n… experiment outage\n");
  });

  it("is drawn over on a terminal, flat, no wider than it, and wiped at the end", () => {
    const { rt, err } = scene({ isTTY: true, columns: 24 });
    const live = liveLine(rt);
    live.show("");
    live.show("one\n  two");
    live.show("a text that is wider than the terminal");
    live.end();
    expect(err.text().split("\r\u001b[K")).toEqual(["", "… one two", "… a text that is wider ", ""]);
  });
});
