import { z } from "zod";
import { environmentError } from "../../lib/errors.ts";
import { duration } from "../../lib/units.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { type ActionContext, defineAction } from "../action.ts";
import { loadFields, loadText, mergeLoads } from "../load.ts";
import { hold, observe } from "../observe.ts";
import { type StaleLoad, startStaleLoad } from "../stale-load.ts";
import { watchDeletions } from "../watch-deletions.ts";

const params = z.strictObject({
  name: loadFields.name,
  workload,
  port: z.int().min(1).max(65_535).default(8080),
  path: loadFields.path,
  every: duration.refine((ms) => ms >= 100, "at least 100ms").prefault("500ms"),
  for: duration
    .refine((ms) => ms > 0 && ms <= 60_000, "at most 1m")
    .describe(
      "Until so long after its deletion each pod is asked: what was promised, less a second for our own delays",
    ),
  timeout: loadFields.timeout,
});

/** Waits until the last of the loads has sent all that counts. After Ctrl-C they are ended at once. */
async function awaitSent(rt: ActionContext["rt"], loads: readonly StaleLoad[]): Promise<void> {
  const leftMs = Math.max(0, ...loads.map(({ endsAt }) => endsAt)) - rt.clock.elapsed();
  if (leftMs <= 0 || rt.signal.aborted) return;
  await hold(rt, leftMs).catch((error: unknown) => {
    if (!rt.signal.aborted) throw error;
  });
}

/** Clients that go on using old endpoints, as they do wherever news of a deletion takes longer than in a sandbox. */
export const staleEndpoints = defineAction({
  name: "stale-endpoints",
  summary: "Ask each pod that is deleted while `do` runs at its own address, as clients do that learn of it late",
  providers: ["kind"],
  params,
  async accompany(given, context) {
    const { rt } = context;
    const name = workloadText(given.workload);
    const loads: StaleLoad[] = [];
    const missed: string[] = [];
    const watch = await watchDeletions(context, given.workload, ({ pod, at }) => {
      if (at === undefined || at + given.for <= rt.clock.elapsed()) missed.push(pod.name);
      else loads.push(startStaleLoad(context, given, pod, at));
    });
    return {
      async steady() {
        const waited = await observe<undefined>(
          rt,
          () =>
            Promise.resolve(
              watch.ready() > 0 ? { done: true, value: undefined } : { done: false, seen: "no ready pod" },
            ),
          { withinMs: 15_000, everyMs: 200 },
        );
        if (!waited.ok) throw environmentError(`the deletions of ${name} cannot be watched: ${waited.seen}`);
      },
      async end() {
        await awaitSent(rt, loads);
        // All are stopped, also when the watch or one of them fails.
        const [watched, ...stopped] = await Promise.allSettled([watch.stop(), ...loads.map((load) => load.stop())]);
        if (watched.status === "rejected") throw watched.reason;
        const results = stopped.map((one) => {
          if (one.status === "rejected") throw one.reason;
          return one.value;
        });
        if (missed.length > 0) throw environmentError(`the deletion of ${missed.join(", ")} was seen too late`);
        const [first, ...rest] = results;
        // No result: a check that asks for one fails.
        if (first === undefined) return { finished: false, detail: `no pod of ${name} was deleted` };
        const result = mergeLoads(given.name, [first, ...rest]);
        const detail = `${results.length} pods of ${name} until ${given.for / 1000} s after their deletion: ${loadText(result)}`;
        return { finished: true, detail, traffic: { [given.name]: result } };
      },
    };
  },
});
