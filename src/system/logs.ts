import type { PodTarget } from "./target.ts";
import type { Scope } from "./scope.ts";
import { environmentError } from "../lib/errors.ts";
import { KubeError } from "../kube/kube-error.ts";
import type { Kube, KubeObject, LogQuery } from "../kube/kube.ts";
import { containerName } from "../sandbox/sandbox.ts";
import { workloadPods } from "./current-pods.ts";
import { containersOf } from "./pod.ts";
import { targetPods } from "./target.ts";
import { dockerOf, kubeOf } from "./objects.ts";
import { hasCluster } from "../sandbox/capabilities.ts";

/** Which logs are read. */
export interface LogsAsked extends PodTarget {
  readonly container?: string | undefined;
  /** The log of the container before its last restart. */
  readonly previous: boolean;
  /** From when on: a moment of the session, or so many milliseconds before now. */
  readonly since: "start" | "fault" | "fix" | number;
}

/** The newest lines of one container. */
export interface ReadLog {
  readonly name: string;
  readonly lines: readonly string[];
  /** False for a container that has never been started: its log says nothing of what it would do. */
  readonly ran: boolean;
  readonly lookAt: string;
}

const tailLines = 1000;

/** So close to each other two clocks are not told apart; a cluster tells whole seconds. */
const CLOSE_MS = 5000;

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

// containerd answers this, with status 200, for a log that it does not have any more.
const lost = /^unable to retrieve container logs/m;

/** The time where the logs are written; an engine has the clock of this machine. */
async function timeThere({ sandbox, rt }: Scope): Promise<number> {
  return hasCluster(sandbox) ? sandbox.kube.time() : rt.clock.now();
}

/** Since when lines count, as ISO time; undefined: all do. */
async function sinceTime(given: LogsAsked, context: Scope): Promise<string | undefined> {
  const { startedAt, faultAt = startedAt } = context.session;
  if (given.since !== "fix") {
    const now = await timeThere(context);
    if (typeof given.since === "number") return new Date(now - given.since).toISOString();
    const since = given.since === "start" ? startedAt : faultAt;
    if (Date.parse(since) <= now + CLOSE_MS) return since;
    // The clock was set back since then. What runs in a lab was made after its start, so nothing older is taken in.
    if (given.since === "start") return undefined;
    throw environmentError("the clock was set back since the fault, so which lines are newer than it is not known");
  }
  if (given.workload === undefined)
    throw new Error("since: fix needs a workload, whose newest ReplicaSet tells the time");
  const found = await workloadPods(kubeOf(context), given.namespace ?? context.namespace, given.workload);
  return found?.newestReplicaSet?.metadata.creationTimestamp;
}

async function readOne(kube: Kube, query: LogQuery): Promise<string | undefined> {
  try {
    const text = await kube.logs(query);
    if (!lost.test(text)) return text;
  } catch (error) {
    // 400: the container has not started yet, or has no previous run. There is nothing to read, and that is what we saw.
    if (error instanceof KubeError && error.status === 400) return undefined;
    throw error;
  }
  throw environmentError(`the node does not keep the log of pod/${query.pod} any more`);
}

async function readPods(given: LogsAsked, context: Scope, pods: readonly KubeObject[]): Promise<ReadLog[]> {
  const kube = kubeOf(context);
  const namespace = given.namespace ?? context.namespace;
  const since = await sinceTime(given, context);
  const one = async (pod: string, container: string): Promise<ReadLog> => {
    const query = { namespace, pod, container, previous: given.previous, tailLines };
    const text = await readOne(kube, since === undefined ? query : { ...query, sinceTime: since });
    const previous = given.previous ? " --previous" : "";
    return {
      name: `pod/${pod}`,
      lines: lines(text ?? ""),
      // A container without an earlier run has run all the same.
      ran: text !== undefined || given.previous,
      lookAt: `kubectl -n ${namespace} logs ${pod} -c ${container}${previous}`,
    };
  };
  const wanted = (name: string) => given.container === undefined || given.container === name;
  return Promise.all(
    pods.flatMap((pod) =>
      containersOf(pod)
        .filter(wanted)
        .map((container) => one(pod.metadata.name, container)),
    ),
  );
}

async function readContainer(given: LogsAsked, context: Scope, short: string): Promise<ReadLog[] | string> {
  const { docker, ...sandbox } = dockerOf(context);
  const name = containerName(sandbox, short);
  const state = await docker.inspect(name);
  if (state === undefined) return `no container ${short}`;
  const since = given.since === "fix" ? state.startedAt : await sinceTime(given, context);
  const at = Date.parse(since ?? "");
  const text = await docker.logs(
    name,
    Number.isNaN(at) ? { tailLines } : { tailLines, sinceSeconds: Math.floor(at / 1000) },
  );
  const ran = state.status !== "created";
  return [{ name: `container/${short}`, lines: lines(text), ran, lookAt: `docker logs ${name}` }];
}

/** The logs that a `logs` check is about, bounded; a sentence where there can be none. */
export async function readLogs(given: LogsAsked, context: Scope): Promise<ReadLog[] | string> {
  if (given.workload?.kind === "container") return readContainer(given, context, given.workload.name);
  const pods = await targetPods(context, given);
  return typeof pods === "string" ? pods : readPods(given, context, pods);
}
