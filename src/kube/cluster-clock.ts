import type { Clock } from "../lib/clock.ts";
import { stampShift } from "../lib/other-clock.ts";
import type { Kube } from "./kube.ts";

/** Reads the clock of a cluster, which need not be ours. The function turns its stamps, in ms since the epoch, into moments of our `elapsed`. */
export async function clusterClock(
  kube: Pick<Kube, "time">,
  clock: Pick<Clock, "now" | "elapsed">,
): Promise<(stamp: number) => number> {
  const from = clock.elapsed();
  const shift = stampShift(clock, await kube.time(), { from, to: clock.elapsed() }, 1000);
  return (stamp) => stamp - shift;
}
