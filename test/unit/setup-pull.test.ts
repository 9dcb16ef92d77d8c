import { describe, expect, it } from "vitest";
import { environmentError, interruptedError } from "../../src/lib/errors.ts";
import type { Exec } from "../../src/lib/exec.ts";
import { pullImage } from "../../src/setup/node-image/pull.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

const limits = { answerMs: 20_000, stallMs: 300_000 };

/** A `docker pull` that prints these lines and then hangs until it is cancelled. */
function hangingAfter(...lines: string[]): Exec {
  return async (argv, options) => {
    expect(argv.slice(0, 2)).toEqual(["docker", "pull"]);
    for (const line of lines) options?.onLine?.(line);
    return new Promise((_resolve, reject) => {
      options?.signal?.addEventListener("abort", () => reject(interruptedError()));
    });
  };
}

describe("pullImage", () => {
  it("gives up a registry that does not answer within the limit", async () => {
    const rt = fakeRuntime({ exec: hangingAfter() });
    const started = rt.clock.now();
    expect(await pullImage(rt, "node:v1", () => undefined, limits)).toEqual({ ok: false, why: "no progress for 20 s" });
    expect(rt.clock.now() - started).toBeLessThanOrEqual(21_000);
  });

  it("waits longer once layers come in, and says how many", async () => {
    const rt = fakeRuntime({ exec: hangingAfter("a1: Pulling fs layer", "b2: Pulling fs layer", "a1: Pull complete") });
    const notes: string[] = [];
    const pulled = await pullImage(rt, "node:v1", (text) => notes.push(text), limits);
    expect(pulled).toEqual({ ok: false, why: "no progress for 300 s" });
    expect(notes[0]).toContain("1 of 2 layers");
  });

  it("hands on the engine's own reason at once", async () => {
    const why = "Error response from daemon: dial tcp: lookup registry-1.docker.io: no such host";
    const rt = fakeRuntime({
      exec: async () => {
        throw environmentError(`docker pull node:v1 exited with 1\n${why}`);
      },
    });
    const started = rt.clock.now();
    expect(await pullImage(rt, "node:v1", () => undefined, limits)).toEqual({ ok: false, why });
    expect(rt.clock.now()).toBe(started);
  });

  it("does not take Ctrl-C for a failed pull", async () => {
    const ctrlC = new AbortController();
    const rt = fakeRuntime({ exec: hangingAfter(), signal: ctrlC.signal });
    const pulling = pullImage(rt, "node:v1", () => ctrlC.abort(), limits);
    await expect(pulling).rejects.toThrow("interrupted");
  });
});
