import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { createExec } from "../../src/lib/exec.ts";
import { poll } from "../../src/lib/poll.ts";
import { systemClock } from "../../src/lib/clock.ts";

const { signal } = new AbortController();

/** Stops this very process for so many seconds, in a moment, as a laptop's lid or Ctrl-Z does. */
function stopMe(seconds: number): void {
  const script = 'sleep 0.5; kill -STOP "$1"; sleep "$2"; kill -CONT "$1"';
  spawn("sh", ["-c", script, "sh", String(process.pid), String(seconds)], { stdio: "ignore", detached: true }).unref();
}

test("time in which this program stood still ends no wait and no limit", async () => {
  const exec = createExec(process.env, signal);
  const lostBefore = systemClock.lost();
  const [start, elapsed] = [performance.now(), systemClock.elapsed()];
  let looks = 0;
  stopMe(6);
  const [slept, waited, ended] = await Promise.all([
    systemClock.sleep(4000, signal).then(() => systemClock.elapsed() - elapsed),
    // It takes 5 s beside those 6, and has 8.
    poll(async () => (++looks < 6 ? { done: false, seen: `${looks} looks` } : { done: true, value: looks }), {
      clock: systemClock,
      signal,
      withinMs: 8000,
      everyMs: 1000,
    }),
    // It ends while nobody looks, and before its limit.
    exec(["sleep", "2"], { timeoutMs: 4000 }),
  ]);
  expect(slept).toBeGreaterThanOrEqual(4000);
  expect(waited).toEqual({ ok: true, value: 6 });
  expect(ended.exitCode).toBe(0);
  expect(systemClock.lost() - lostBefore).toBeGreaterThanOrEqual(4500);
  expect(performance.now() - start - (systemClock.elapsed() - elapsed)).toBeGreaterThanOrEqual(4500);
});
