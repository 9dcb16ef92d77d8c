import type { Clock } from "./clock.ts";

/**
 * What stamps of another machine's clock, in ms since the epoch, are ahead of our `elapsed`. It wrote `stamp`, cut to `coarseMs`, between two
 * moments of ours. Where its clock and ours can be one and the same they are taken for that, which is exact.
 */
export function stampShift(
  clock: Pick<Clock, "now" | "elapsed">,
  stamp: number,
  { from, to }: { readonly from: number; readonly to: number },
  coarseMs = 0,
): number {
  const same = clock.now() - clock.elapsed();
  return Math.min(Math.max(same, stamp - to), stamp + coarseMs - from);
}
