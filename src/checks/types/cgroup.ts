import { z } from "zod";
import { workload, workloadText } from "../../lab/workload.ts";
import { bounds, boundsText, isWithin } from "../../lib/compare.ts";
import { duration } from "../../lib/units.ts";
import { type CpuDelta, cpuDelta, leftCpus, measureCpu, quotaShows } from "../../system/cpu.ts";
import type { CpuWindow } from "../../system/record.ts";
import { defineCheck, joined, tooBusy, verdict } from "../check.ts";
import { cpuWindowsOf } from "../recorded.ts";

const params = z
  .strictObject({
    of: workload,
    heldBack: bounds
      .optional()
      .describe("Time its threads were stopped, as a share of the time of the periods; several CPUs add up"),
    throttledRatio: bounds
      .optional()
      .describe("Throttled periods among all periods of the window, however little each of them lost"),
    throttled: bounds.optional().describe("Throttled periods of the window"),
    ratioToControl: z.strictObject({ atMost: z.number().positive() }).optional(),
    periods: z.strictObject({ atLeast: z.number().int().positive() }).optional().describe("Fewest periods that count"),
    window: duration.optional().describe("Looking: how long; default 10s. An experiment has its own window"),
  })
  .refine(
    ({ heldBack, throttledRatio, throttled, ratioToControl }) =>
      (heldBack ?? throttledRatio ?? throttled ?? ratioToControl) !== undefined,
    "give heldBack, throttledRatio, throttled or ratioToControl",
  );

type Params = z.infer<typeof params>;

const defaultWindowMs = 10_000;

function percent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(1))} %`;
}

function worst(deltas: readonly CpuDelta[]): number {
  return Math.max(...deltas.map((one) => one.ratio));
}

function wrongOf(given: Params, one: CpuDelta, control: number | undefined): boolean {
  const { heldBack, throttledRatio, throttled, ratioToControl, periods } = given;
  if (one.limited && one.periods < (periods?.atLeast ?? 1)) return true;
  if (heldBack !== undefined && !isWithin(one.heldBack, heldBack)) return true;
  if (throttledRatio !== undefined && !isWithin(one.ratio, throttledRatio)) return true;
  if (throttled !== undefined && !isWithin(one.throttled, throttled)) return true;
  if (ratioToControl === undefined) return false;
  if (control === undefined) throw new Error("there is no control to compare the throttling with");
  return one.ratio > control * ratioToControl.atMost;
}

/** Whether little throttling is asked for; a ratio to the control has the host of the same minute on both sides. */
function hasCeiling({ heldBack, throttledRatio, throttled }: Params): boolean {
  return [heldBack, throttledRatio, throttled].some((one) => one?.atMost !== undefined);
}

/** What the host left those whose quota could not show, after what was measured of them; empty where all could. */
function leftText(hidden: readonly CpuWindow[]): string {
  if (hidden.length === 0) return "";
  return `, but ${joined(hidden.map((one) => `the host left ${one.target} ${(leftCpus(one) ?? 0).toFixed(2)} CPUs`))}`;
}

function expectation({ of, heldBack, throttledRatio, throttled, ratioToControl, periods }: Params): string {
  const parts = [
    heldBack === undefined ? "" : `held back ${boundsText(heldBack)} of the time`,
    throttledRatio === undefined ? "" : `throttled in ${boundsText(throttledRatio)} of its periods`,
    throttled === undefined ? "" : `${boundsText(throttled)} throttled periods`,
    ratioToControl === undefined ? "" : `throttled at most ${ratioToControl.atMost} × control`,
    periods === undefined ? "" : `at least ${periods.atLeast} periods`,
  ];
  return `${workloadText(of)}: ${parts.filter((part) => part !== "").join(", ")}`;
}

/** CPU throttling over a window: now, or during an experiment. */
export const cgroup = defineCheck<Params>({
  name: "cgroup",
  summary:
    "How much its CPU quota throttled each pod or container over a window, never since it started; little, on a host with no CPU left beyond the quota, is an error",
  reads: ["sandbox", "record"],
  needs: [],
  racy: false,
  params,
  limitMs: ({ window }) => (window ?? defaultWindowMs) + 30_000,
  async run(given, context) {
    const { record } = context;
    const windows =
      record === undefined
        ? await measureCpu(context, given.of, given.window ?? defaultWindowMs)
        : cpuWindowsOf(record, given.of);
    const expected = expectation(given);
    if (typeof windows === "string") return verdict(false, expected, windows);
    if (windows.length === 0)
      return verdict(false, expected, `no counters of ${workloadText(given.of)} over the window`);
    const controls = record?.control?.cpu.map(cpuDelta) ?? [];
    const control = controls.length === 0 ? undefined : worst(controls);
    const deltas = windows.map(cpuDelta);
    const wrong = deltas.filter((one) => wrongOf(given, one, control));
    const text = (wrong.length > 0 ? wrong : deltas).map((one) =>
      one.limited
        ? `${one.target} held back ${percent(one.heldBack)} of the time, in ${one.throttled} of ${one.periods} periods (${percent(one.ratio)})`
        : `${one.target} has no quota`,
    );
    const beside = control === undefined ? "" : `; control ${percent(control)}`;
    const data = { windows: deltas, control: controls };
    const left = leftText(windows.filter((one) => !quotaShows(one)));
    // What was held back was held back, however busy the host; that nothing was means nothing on a host that had nothing to give.
    if (wrong.length === 0 && hasCeiling(given) && left !== "")
      return tooBusy(expected, `${joined(text)}${left}`, data);
    // Throttling that is asked for and does not show has this cause as often as any.
    const why = wrong.length > 0 && !hasCeiling(given) ? left : "";
    return verdict(wrong.length === 0, expected, joined(text) + beside + why, { data });
  },
});
