import { z } from "zod";
import { duration } from "../../lib/units.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import type { LoadResult } from "../../sandbox/agent/load-agent.ts";
import { defineAction, type ActionContext } from "../action.ts";
import { loadText, startLoad } from "../load.ts";
import type { Member } from "../../system/member.ts";
import { workloadMembers } from "../../system/members.ts";
import { hold, observe } from "../../lib/poll.ts";

const RATE = 100;
/** The agent's own end comes later than ours, for the case that we die meanwhile. */
const SPARE_MS = 10_000;

const params = z.strictObject({
  workload,
  service: z.string().describe("Name of the Service"),
  path: z.string().startsWith("/").default("/version"),
  perPod: z.int().min(20).max(200).default(60).describe("Requests for each pod that is ready"),
  share: z.number().min(0).max(1).default(0.5).describe("Least part of an even share that each pod must answer"),
  within: duration,
});

type Params = z.infer<typeof params>;

/** Sends requests through the Service, each on a connection of its own and with a proof. */
async function burst({ service, path, perPod }: Params, pods: number, context: ActionContext): Promise<LoadResult> {
  const ms = (perPod * pods * 1000) / RATE;
  const to = { kind: "service", name: service } as const;
  const how = { method: "GET", rate: RATE, connections: "new", timeout: 5000, proof: true } as const;
  const run = await startLoad(context, { name: "reach", to, path, ...how }, ms + SPARE_MS);
  if (run === undefined) throw new Error("a Service has one host");
  try {
    await hold(context.rt, ms);
  } catch (error) {
    await run.stop().catch(() => undefined); // the first error counts; the agent ends the load by itself
    throw error;
  }
  return run.stop();
}

/** Why not every pod has answered its share; undefined when all have, and nobody else. */
function problem({ share }: Params, members: readonly Member[], result: LoadResult): string | undefined {
  if (result.failed > 0 || result.ok === 0) return loadText(result);
  const stranger = Object.keys(result.byPod).find((pod) => !members.some((member) => member.name === pod));
  if (stranger !== undefined) return `${stranger} answered too`;
  const least = (share * result.ok) / members.length;
  const few = members.find((member) => (result.byPod[member.name] ?? 0) < least);
  return few === undefined ? undefined : `${few.name} answered ${result.byPod[few.name] ?? 0} of ${result.ok} requests`;
}

/** Waits until requests through a Service reach every ready pod of a workload. */
export const reach = defineAction({
  name: "reach",
  summary: "Wait until new connections through a Service reach every ready pod of a workload, and nobody else",
  needs: ["cluster"],
  params,
  async run(given, context) {
    const { clock } = context.rt;
    const name = workloadText(given.workload);
    const start = clock.elapsed();
    const waited = await observe(
      context.rt,
      async () => {
        const members = (await workloadMembers(context, given.workload)).filter((one) => one.ready && !one.terminating);
        if (members.length === 0) return { done: false, seen: `${name} has no ready pod` };
        const result = await burst(given, members.length, context);
        const seen = problem(given, members, result);
        return seen === undefined ? { done: true, value: { members, result } } : { done: false, seen };
      },
      { withinMs: given.within, onLook: (seen) => context.progress(`service/${given.service}: ${seen}`) },
    );
    const seconds = (clock.elapsed() - start) / 1000;
    if (!waited.ok) {
      const detail = `service/${given.service} after ${given.within / 1000} s: ${waited.seen}`;
      return { finished: false, detail, data: { seconds } };
    }
    const { members, result } = waited.value;
    return {
      finished: true,
      detail: `service/${given.service} reaches all ${members.length} pods of ${name} after ${seconds.toFixed(1)} s`,
      targets: members.map((member) => member.name),
      data: { seconds, byPod: result.byPod },
    };
  },
});
