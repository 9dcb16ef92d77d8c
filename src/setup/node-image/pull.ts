import { lastLineOf } from "../../lib/errors.ts";
import type { Runtime } from "../../runtime.ts";
import { withProgress } from "../progress.ts";

/** How a pull ended; `why` is one line for the progress list. */
export type Pulled = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** Limits of a pull, in milliseconds. */
export interface PullLimits {
  /** Until the registry has answered with the first layer. */
  readonly answerMs: number;
  /** Without a sign of progress after that; the engine reports whole layers only. */
  readonly stallMs: number;
}

const defaultLimits: PullLimits = { answerMs: 20_000, stallMs: 300_000 };

/** Pulls an image. An engine or a registry that does not get on with it is given up; only Ctrl-C throws. */
export async function pullImage(
  rt: Runtime,
  ref: string,
  note: (text: string) => void,
  limits: PullLimits = defaultLimits,
): Promise<Pulled> {
  const giveUp = new AbortController();
  let layers = 0;
  let doneLayers = 0;
  let last = rt.clock.elapsed();
  let stalled = "";
  const work = rt.exec(["docker", "pull", ref], {
    signal: AbortSignal.any([rt.signal, giveUp.signal]),
    timeoutMs: 3600_000,
    onLine: (line) => {
      // "<digest>: Pulling from <name>" comes before the registry has sent any layer.
      if (
        /: (Pulling fs layer|Already exists|Waiting|Download complete|Pull complete|Verifying Checksum)$/.test(line)
      ) {
        last = rt.clock.elapsed();
        if (line.endsWith("Pulling fs layer")) layers++;
        if (line.endsWith("Pull complete")) doneLayers++;
      }
    },
  });
  try {
    await withProgress(rt, work, {
      expectedSeconds: 90,
      now: () => (layers === 0 ? "asking the registry" : `${doneLayers} of ${layers} layers`),
      note,
      watch: () => {
        const limit = layers === 0 ? limits.answerMs : limits.stallMs;
        if (rt.clock.elapsed() - last < limit) return;
        stalled = `no progress for ${Math.round(limit / 1000)} s`;
        giveUp.abort();
      },
    });
    return { ok: true };
  } catch (error) {
    if (rt.signal.aborted) throw error;
    return { ok: false, why: stalled === "" ? lastLineOf(error) : stalled };
  }
}
