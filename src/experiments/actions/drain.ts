import { z } from "zod";
import { duration } from "../../lib/units.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { defineAction, type ActionContext, type ActionOutcome } from "../action.ts";
import { emptyNode, type Emptied } from "../empty-node.ts";
import { workloadMembers } from "../members.ts";
import { clusterOf, cordonNode, workerNodes } from "../nodes.ts";
import { observe } from "../observe.ts";
import { workloadStanding } from "../settle.ts";

const params = z.strictObject({
  nodesOf: workload.describe("Each worker node that hosts pods of it, one after the other"),
  within: duration.describe("Each node is empty within this time"),
});

type Params = z.infer<typeof params>;

/** The next worker that hosts the workload and had not its turn; undefined when all had. Pods move, so this is asked anew each time. */
async function nextNode({ nodesOf }: Params, context: ActionContext, done: ReadonlySet<string>) {
  const [nodes, members] = await Promise.all([workerNodes(clusterOf(context).kube), workloadMembers(context, nodesOf)]);
  return nodes.find(({ metadata: { name } }) => !done.has(name) && members.some((member) => member.node === name));
}

/** Waits until the workload is whole again; what was missing, when it is not in time. */
async function whole({ nodesOf, within }: Params, context: ActionContext): Promise<string | undefined> {
  const waited = await observe<undefined>(
    context.rt,
    async () => {
      const { problem } = await workloadStanding(context, nodesOf);
      return problem === undefined ? { done: true, value: undefined } : { done: false, seen: problem };
    },
    { withinMs: within, onLook: context.progress },
  );
  return waited.ok ? undefined : `${workloadText(nodesOf)} is not whole again: ${waited.seen}`;
}

/** Drains the nodes of a workload one after the other, as for an upgrade. */
export const drain = defineAction<Params>({
  name: "drain",
  summary: "Empty each worker node that hosts a workload, one after the other, through the eviction API",
  providers: ["kind"],
  params,
  async run(given, context): Promise<ActionOutcome> {
    const { clock } = context.rt;
    const { kube } = clusterOf(context);
    const done = new Map<string, number>();
    const targets: string[] = [];
    const outcome = (finished: boolean, detail: string): ActionOutcome => ({
      finished,
      detail,
      targets,
      data: { seconds: Object.fromEntries(done) },
    });
    for (;;) {
      const node = await nextNode(given, context, new Set(done.keys()));
      if (node === undefined) break;
      const { name } = node.metadata;
      const start = clock.elapsed();
      const uncordon = await cordonNode(context, node);
      let emptied: Emptied;
      try {
        emptied = await emptyNode(context, kube, name, given.within);
      } finally {
        await uncordon();
      }
      targets.push(...emptied.evicted);
      const seconds = (clock.elapsed() - start) / 1000;
      if (emptied.problem !== undefined)
        return outcome(false, `${name} is not empty after ${seconds.toFixed(0)} s: ${emptied.problem}`);
      done.set(name, seconds);
      const problem = await whole(given, context);
      if (problem !== undefined) return outcome(false, `after the drain of ${name} ${problem}`);
    }
    if (done.size === 0) return outcome(false, `no worker node hosts a pod of ${workloadText(given.nodesOf)}`);
    const times = [...done].map(([name, seconds]) => `${name} empty after ${seconds.toFixed(1)} s`);
    return outcome(true, times.join(", "));
  },
});
