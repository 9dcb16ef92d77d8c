import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createClock, startTimer, systemClock } from "../../src/lib/clock.ts";

/** A clock whose sources the test moves on. */
function moved() {
  const time = { wall: Date.parse("2026-01-01T00:00:00Z"), monotonic: 5000, sinceBoot: 90_000 };
  const clock = createClock({
    wall: () => time.wall,
    monotonic: () => time.monotonic,
    sinceBoot: () => time.sinceBoot,
  });
  const start = clock.elapsed();
  const pass = (ms: number, asleep = 0): void => {
    time.wall += ms + asleep;
    time.monotonic += ms;
    time.sinceBoot += ms + asleep;
  };
  return { time, pass, lost: () => clock.lost(), elapsed: () => clock.elapsed() - start, now: () => clock.now() };
}

describe("the clock", () => {
  it("counts what passes, and no step of the time of day", () => {
    const { time, pass, lost, elapsed, now } = moved();
    pass(500);
    time.wall -= 3600_000;
    pass(500);
    expect([elapsed(), lost()]).toEqual([1000, 0]);
    expect(new Date(now()).toISOString()).toBe("2025-12-31T23:00:01.000Z");
  });

  it("leaves out the time in which the program was stopped", () => {
    const { pass, lost, elapsed } = moved();
    pass(60_500);
    expect([elapsed(), lost()]).toEqual([500, 60_000]);
    pass(1000);
    expect([elapsed(), lost()]).toEqual([1500, 60_000]);
  });

  it("knows that the machine slept, which the monotonic clock of Linux does not count", () => {
    const { pass, lost, elapsed } = moved();
    pass(500, 3600_000);
    expect([elapsed(), lost()]).toEqual([500, 3600_000]);
  });

  it("takes what comes a moment late for a busy machine", () => {
    const { pass, lost, elapsed } = moved();
    pass(3400);
    expect([elapsed(), lost()]).toEqual([3400, 0]);
  });
});

describe("waits of the real clock", () => {
  it("are told in whole milliseconds, as programs in other languages take them", () => {
    const looks = Array.from({ length: 50 }, () => systemClock.elapsed());
    expect(looks.every(Number.isInteger)).toBe(true);
  });

  it("take as long as they say", async () => {
    const start = systemClock.elapsed();
    await systemClock.sleep(50, new AbortController().signal);
    expect(systemClock.elapsed() - start).toBeGreaterThanOrEqual(50);
  });

  it("end early when they are told to", async () => {
    const stop = new AbortController();
    const sleeping = systemClock.sleep(600_000, stop.signal);
    stop.abort();
    await expect(sleeping).rejects.toThrow("interrupted");
    let rang = false;
    startTimer(20, () => (rang = true))();
    await systemClock.sleep(40, new AbortController().signal);
    expect(rang).toBe(false);
  });

  it("may take longer than Node's own timers can", async () => {
    let rang = false;
    const stop = startTimer(Number.POSITIVE_INFINITY, () => (rang = true));
    await systemClock.sleep(20, new AbortController().signal);
    stop();
    expect(rang).toBe(false);
  });
});

it.each(["checks", "experiments", "prove", "scenario"])("%s wait and measure by the clock alone", async (folder) => {
  const root = join(import.meta.dirname, "../../src", folder);
  const files = (await readdir(root, { recursive: true })).filter((name) => name.endsWith(".ts"));
  // What a set clock or a stopped program falsifies.
  const other = /\b(Date\.now|setTimeout|setInterval|AbortSignal\.timeout|performance\.now|hrtime)\b/;
  const texts = await Promise.all(files.map((name) => readFile(join(root, name), "utf8")));
  expect(files.filter((_, index) => other.test(texts[index] ?? ""))).toEqual([]);
});
