import { expect, test, vi } from "vitest";
import { createInterrupts } from "../../src/lib/interrupts.ts";

function scene() {
  const force = vi.fn();
  let at = 0;
  const interrupts = createInterrupts({ now: () => at, force });
  return {
    ...interrupts,
    force,
    wait: (ms: number) => {
      at += ms;
    },
  };
}

test("the first signal asks to undo, a second one forces the end", () => {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    const { signal, heard, force, wait } = scene();
    expect(signal.aborted).toBe(false);
    heard(name);
    expect(signal.aborted).toBe(true);
    wait(1000);
    expect(force).not.toHaveBeenCalled();
    heard("SIGINT");
    expect(force).toHaveBeenCalledOnce();
  }
});

test("one Ctrl-C that comes twice, from the terminal and from npm, is one", () => {
  const { heard, force, wait } = scene();
  heard("SIGINT");
  wait(100);
  heard("SIGINT");
  expect(force).not.toHaveBeenCalled();
});

test("a terminal that goes away undoes as one Ctrl-C does, however often it says so", () => {
  const { heard, force, wait, signal } = scene();
  heard("SIGHUP");
  wait(2000);
  heard("SIGHUP");
  expect(signal.aborted).toBe(true);
  expect(force).not.toHaveBeenCalled();
});

test("Ctrl-C belongs to the program that has the terminal, and to labs after it", () => {
  const { heard, force, wait, lend, signal } = scene();
  const giveBack = lend();
  heard("SIGINT");
  wait(1000);
  heard("SIGINT");
  expect(signal.aborted).toBe(false);
  heard("SIGTERM");
  expect(signal.aborted).toBe(true);
  wait(1000);
  heard("SIGINT");
  expect(force).not.toHaveBeenCalled();
  giveBack();
  heard("SIGINT");
  expect(force).toHaveBeenCalledOnce();
});
