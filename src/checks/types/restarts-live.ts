import { boundsText, isWithin } from "../../lib/fields.ts";
import { ago } from "../../lib/text.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import { type CheckContext, type Observation, joined, verdict } from "../check.ts";
import { lookAtPods, targetPods, targetText } from "../read/pod-target.ts";
import { lastEnd, restartsOf } from "../read/pod.ts";
import { dockerOf, kubeOf } from "../read/sandbox-kube.ts";
import type { RestartsParams } from "./restarts.ts";

interface Counted {
  readonly name: string;
  readonly restarts: number;
  readonly detail: string;
}

async function countContainer(context: CheckContext, short: string): Promise<Counted[] | string> {
  const sandbox = dockerOf(context);
  const state = await sandbox.docker.inspect(containerName(sandbox, short));
  if (state === undefined) return `no container ${short}`;
  return [
    {
      name: `container/${short}`,
      restarts: state.restartCount,
      detail: `${state.status}, last exit ${state.exitCode}`,
    },
  ];
}

async function countPods(given: RestartsParams, context: CheckContext): Promise<Counted[] | string> {
  const pods = await targetPods(context, given);
  if (typeof pods === "string") return pods;
  const now = await kubeOf(context).time();
  return pods.map((pod) => {
    const end = lastEnd(pod);
    const detail = end === undefined ? "" : `last end ${end.text} ${ago(end.finishedAt, now)}`.trimEnd();
    return { name: `pod/${pod.metadata.name}`, restarts: restartsOf(pod), detail };
  });
}

/** Restart counters as they are now; meant for symptoms, because counters never go back. */
export async function liveRestarts(given: RestartsParams, context: CheckContext): Promise<Observation> {
  const inDocker = given.workload?.kind === "container";
  const counted = await (inDocker ? countContainer(context, given.workload?.name ?? "") : countPods(given, context));
  const expected = `${given.match} of ${targetText(given)} restarted ${boundsText(given)} times`;
  const lookAt = inDocker
    ? `docker inspect ${containerName(context.sandbox, given.workload?.name ?? "")}`
    : lookAtPods(context, given);
  if (typeof counted === "string") return verdict(false, expected, counted, { lookAt });
  if (counted.length === 0) return verdict(false, expected, "no pods", { lookAt });
  const good = counted.filter((one) => isWithin(one.restarts, given));
  const passed = given.match === "any" ? good.length > 0 : good.length === counted.length;
  const telling = passed || given.match === "any" ? counted : counted.filter((one) => !good.includes(one));
  const told = telling.map((one) => `${one.name} ${one.restarts} restarts${one.detail && ` (${one.detail})`}`);
  return verdict(passed, expected, joined(told), { lookAt });
}
