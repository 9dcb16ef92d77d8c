import type { Scope } from "./scope.ts";
import type { Clock } from "../lib/clock.ts";
import { environmentError, messageOf } from "../lib/errors.ts";
import { poll } from "../lib/poll.ts";
import type { DockerSandbox } from "../sandbox/sandbox.ts";
import { containerMember } from "./container-member.ts";
import { type Watch, type Watched, createPodLog } from "./pod-log.ts";
import { watchPods } from "./watch-pods.ts";
import { clusterOf, hasContainers } from "../sandbox/capabilities.ts";

/** Records every change of the lab's pods or containers, from their present state on. */
export async function startWatch(context: Pick<Scope, "sandbox" | "lab" | "rt">): Promise<Watch> {
  const { sandbox, lab, rt } = context;
  return hasContainers(sandbox)
    ? watchContainers(sandbox, rt.clock)
    : watchPods(clusterOf(sandbox).kube, lab.namespaces, rt.clock);
}

const EVERY_MS = 500;

/** Records every change of the containers of a Docker lab. A start by hand counts as a restart too, though the engine's own counter does not. */
export async function watchContainers(sandbox: DockerSandbox, clock: Clock): Promise<Watch> {
  const log = createPodLog();
  const starts = new Map<string, { readonly incarnation: string; readonly extra: number; readonly counted: number }>();
  const look = async (): Promise<void> => {
    const states = await sandbox.docker.containers({ network: sandbox.network, namePrefix: `${sandbox.name}-` });
    const at = clock.elapsed();
    for (const state of states) {
      const member = containerMember(state, `${sandbox.name}-`);
      const before = starts.get(member.uid);
      const again = before !== undefined && before.incarnation !== member.incarnation;
      // The engine's counter starts anew when a container is started by hand.
      const step = again ? Math.max(1, member.restarts - before.counted) : 0;
      const extra = (before?.extra ?? member.restarts) + step;
      starts.set(member.uid, { incarnation: member.incarnation, extra, counted: member.restarts });
      log.member({ ...member, restarts: extra }, at);
      log.available(member.name, member.ready ? 1 : 0, 1, at);
    }
    log.only(new Set(states.map((state) => state.id)), at);
  };
  await look();
  const over = new AbortController();
  let failure: unknown;
  const watching = poll(
    async () => {
      try {
        await look();
        failure = undefined;
      } catch (error) {
        failure = error;
      }
      return { done: false, seen: "" };
    },
    { clock, signal: over.signal, withinMs: Number.MAX_SAFE_INTEGER, everyMs: EVERY_MS },
  ).catch(() => undefined); // aborted below
  const stop = async (): Promise<Watched> => {
    over.abort();
    await watching;
    if (failure !== undefined) throw environmentError(`the watch on containers broke off: ${messageOf(failure)}`);
    await look();
    return log.watched;
  };
  let stopped: Promise<Watched> | undefined;
  return { stop: () => (stopped ??= stop()) };
}
