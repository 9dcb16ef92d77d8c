import { z } from "zod";
import type { ActionContext } from "./action.ts";
import { callAdmin } from "./admin.ts";
import type { Member } from "./member.ts";
import { targetMembers } from "./members.ts";
import type { CpuReading, CpuWindow } from "./record.ts";
import { targetText, type TargetRef } from "./target.ts";

type Where = Pick<ActionContext, "sandbox" | "session" | "namespace">;

const snapshot = z.looseObject({
  cpu: z.looseObject({
    quotaMicros: z.number(),
    periodMicros: z.number(),
    nrPeriods: z.number(),
    nrThrottled: z.number(),
    throttledMicros: z.number(),
    usageMicros: z.number(),
  }),
  hostIdleMicros: z.number(),
  gomaxprocs: z.number(),
  numCPU: z.number(),
  at: z.string(),
});

/** Reads the CPU counters of one container, through its admin port. */
export async function readCpu(where: Where, member: Member): Promise<CpuReading> {
  const reading = await callAdmin(where, member, "GET", "/admin/cgroup", snapshot);
  const { cpu, hostIdleMicros, gomaxprocs, numCPU } = reading;
  const { quotaMicros, periodMicros, nrPeriods, nrThrottled, throttledMicros, usageMicros } = cpu;
  const counters = { quotaMicros, periodMicros, nrPeriods, nrThrottled, throttledMicros, usageMicros };
  return { at: Date.parse(reading.at), ...counters, hostIdleMicros, gomaxprocs, numCpu: numCPU };
}

/** The windows that could be measured, and the members whose counters began anew in between. */
export interface CpuWindows {
  readonly windows: readonly CpuWindow[];
  readonly lost: readonly string[];
}

/** Reads the counters of everything behind a target; the returned function reads them again and makes the windows. */
export async function openCpuWindows(where: Where, ref: TargetRef): Promise<() => Promise<CpuWindows>> {
  const members = (await targetMembers(where, ref)).filter((member) => member.instrumented && member.ready);
  const before = await Promise.all(members.map((member) => readCpu(where, member)));
  return async () => {
    const now = await targetMembers(where, ref);
    const windows: CpuWindow[] = [];
    const lost: string[] = [];
    for (const [index, member] of members.entries()) {
      const first = before[index];
      const same = now.some((other) => other.uid === member.uid && other.incarnation === member.incarnation);
      if (first === undefined || !same) lost.push(`${targetText(ref)} ${member.name}`);
      else windows.push({ target: member.name, before: first, after: await readCpu(where, member) });
    }
    return { windows, lost };
  };
}
