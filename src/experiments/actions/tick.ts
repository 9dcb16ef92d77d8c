import { z } from "zod";
import { duration } from "../../lib/units.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { defineAction, type ActionContext } from "../action.ts";
import { adminError, askAdmin } from "../../system/admin.ts";
import type { Member } from "../../system/member.ts";
import { workloadMembers } from "../../system/members.ts";
import { memoryText, readMemory, type MemoryReading } from "../../system/memory.ts";
import { observe } from "../../lib/poll.ts";

const SEEN_WITHIN_MS = 3000;

/** Of two readings of a pod the higher one: what it uses goes up and down with its own housekeeping. */
function keepHighest(highest: Map<string, MemoryReading>, reading: MemoryReading): void {
  const before = highest.get(reading.target);
  if (before === undefined || before.usedBytes < reading.usedBytes) highest.set(reading.target, reading);
}

/** The members of `before` that have ended, or are gone, with how. */
function ended(before: readonly Member[], now: readonly Member[]): string[] {
  return before.flatMap((member) => {
    const same = now.find((other) => other.uid === member.uid);
    if (same === undefined) return [`${member.name} is gone`];
    return same.restarts > member.restarts ? [`${member.name} ended (${same.lastEnd})`] : [];
  });
}

async function sample(context: ActionContext, members: readonly Member[], highest: Map<string, MemoryReading>) {
  const readings = await Promise.all(members.map((member) => readMemory(context, member)));
  for (const reading of readings) if (reading !== undefined) keepHighest(highest, reading);
}

/** What went wrong with the first member whose admin port does not answer. */
async function firstSilent(context: ActionContext, members: readonly Member[]): Promise<Error | undefined> {
  for (const member of members) {
    const answer = await askAdmin(context, member, "GET", "/admin/ping");
    if (answer.status !== 200) return adminError(member, "GET", "/admin/ping", answer);
  }
  return undefined;
}

/** Lets the service live through so many minutes at once, and watches whether its pods survive that. */
export const tick = defineAction({
  name: "tick",
  summary: "Let the service live through many minutes at once, and measure the memory of its pods for a while after it",
  needs: ["cluster", "nodeShell"],
  params: z.strictObject({
    workload,
    minutes: z.int().min(1).max(240),
    hold: duration.prefault("10s").describe("How long the pods are watched after it"),
  }),
  async run({ workload: ref, minutes, hold }, context) {
    const { clock } = context.rt;
    const name = workloadText(ref);
    const members = (await workloadMembers(context, ref)).filter((member) => member.ready && !member.terminating);
    if (members.length === 0) return { finished: false, detail: `${name} has no ready pod` };
    const targets = members.map((member) => member.name);
    const silent = await firstSilent(context, members);
    if (silent !== undefined) {
      // It may have ended since it was looked at, of its own accord; the API server tells within a moment.
      const end = await observe(
        context.rt,
        async () => {
          const dead = ended(members, await workloadMembers(context, ref));
          return dead.length > 0 ? { done: true, value: dead.join("; ") } : { done: false, seen: "" };
        },
        { withinMs: SEEN_WITHIN_MS, everyMs: 500 },
      );
      if (!end.ok) throw silent;
      return { finished: false, detail: `${end.value} before anything was asked of it`, targets };
    }
    const path = `/admin/tick?minutes=${minutes}`;
    const start = clock.elapsed();
    const seconds = () => ((clock.elapsed() - start) / 1000).toFixed(1);
    const answers = await Promise.all(
      members.map(async (member) => ({ member, answer: await askAdmin(context, member, "POST", path) })),
    );
    const highest = new Map<string, MemoryReading>();
    const waited = await observe(
      context.rt,
      async () => {
        const dead = ended(members, await workloadMembers(context, ref));
        if (dead.length > 0) return { done: true, value: `${dead.join("; ")} ${seconds()} s after ${minutes} minutes` };
        await sample(context, members, highest);
        const now = [...highest.values()].map((reading) => `${reading.target} ${memoryText(reading)}`).join("; ");
        context.progress(`${minutes} minutes of ${name} in ${seconds()} s: ${now}`);
        return { done: false, seen: now };
      },
      { withinMs: hold, everyMs: 1000 },
    );
    const data = { minutes, readings: [...highest.values()] };
    if (waited.ok) return { finished: false, detail: waited.value, targets, data };
    // Who neither did as told nor died by it cannot be judged; one that was too slow to answer did it later.
    const refused = answers.find(({ answer }) => answer.status !== 200 && answer.kind !== "timeout");
    if (refused !== undefined) throw adminError(refused.member, "POST", path, refused.answer);
    return { finished: true, detail: `after ${minutes} minutes at once: ${waited.seen}`, targets, data };
  },
});
