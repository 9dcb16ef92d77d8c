import { z } from "zod";
import type { KubeObject } from "../kube/kube.ts";
import { at, countAt, listAt, textAt } from "../lib/fields.ts";
import { type Member, defaultAdminPort } from "./member.ts";

const ended = z.looseObject({ reason: z.string().default(""), exitCode: z.number(), finishedAt: z.string().nullish() });

const containerState = z.looseObject({
  running: z.looseObject({ startedAt: z.string().nullish() }).nullish(),
  waiting: z.looseObject({ reason: z.string().default("Waiting") }).nullish(),
  terminated: ended.nullish(),
});

const containerStatus = z.looseObject({
  name: z.string().default(""),
  restartCount: z.number(),
  containerID: z.string().default(""),
  state: containerState.default({}),
  lastState: containerState.default({}),
});

const podShape = z.looseObject({
  spec: z.looseObject({
    nodeName: z.string().default(""),
    containers: z.array(
      z.looseObject({
        name: z.string().default(""),
        livenessProbe: z.looseObject({ initialDelaySeconds: z.number().default(0) }).nullish(),
        env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).default([]),
      }),
    ),
  }),
  status: z
    .looseObject({
      phase: z.string().default("Pending"),
      podIP: z.string().default(""),
      conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
      containerStatuses: z.array(containerStatus).default([]),
    })
    .default({ phase: "Pending", podIP: "", conditions: [], containerStatuses: [] }),
});

type Ended = z.infer<typeof ended>;

/** "OOMKilled, exit 137" of the container that ended last; "" while none has ended. */
function lastEndOf(ends: readonly Ended[]): string {
  const [last] = ends.toSorted((a, b) => (b.finishedAt ?? "").localeCompare(a.finishedAt ?? ""));
  if (last === undefined) return "";
  return `${last.reason === "" ? "Error" : last.reason}, exit ${last.exitCode}`;
}

/**
 * How often a container has ended. restartCount only counts once the next one starts, which the back-off may put off for minutes: a container
 * that was killed just now counts as well.
 */
function endsOf({ restartCount, state, lastState }: z.infer<typeof containerStatus>): number {
  const down = state.terminated != null || (state.waiting != null && lastState.terminated != null);
  return restartCount + (down ? 1 : 0);
}

/** When the last liveness probe of a pod's running containers begins. */
function livenessFrom({ spec, status }: z.infer<typeof podShape>): number | undefined {
  const begins = status.containerStatuses.flatMap(({ name, state }) => {
    const probe = spec.containers.find((container) => container.name === name)?.livenessProbe;
    const started = Date.parse(state.running?.startedAt ?? "");
    return probe == null || Number.isNaN(started) ? [] : [started + probe.initialDelaySeconds * 1000];
  });
  return begins.length === 0 ? undefined : Math.max(...begins);
}

/** Reads a pod as the API server speaks of it; `sets` are the ReplicaSets that are known, for its workload. */
export function podMember(pod: KubeObject, sets?: ReplicaSets): Member {
  const parsed = podShape.parse(pod);
  const { spec, status } = parsed;
  const { metadata } = pod;
  const env = spec.containers.flatMap((container) => container.env);
  const port = Number(env.find((entry) => entry.name === "ADMIN_PORT")?.value ?? defaultAdminPort);
  const containers = status.containerStatuses;
  const waiting = containers.map((one) => one.state.waiting?.reason).find((reason) => reason !== undefined);
  const liveness = livenessFrom(parsed);
  const over = containers.map((one) => one.state.terminated?.reason).find((reason) => reason !== undefined);
  return {
    name: metadata.name,
    uid: metadata.uid ?? "",
    namespace: metadata.namespace ?? "",
    labels: metadata.labels ?? {},
    workload: podWorkload(pod, sets),
    ready: status.conditions.some((condition) => condition.type === "Ready" && condition.status === "True"),
    state: waiting ?? over ?? status.phase,
    restarts: containers.reduce((sum, one) => sum + one.restartCount, 0),
    ends: containers.reduce((sum, one) => sum + endsOf(one), 0),
    incarnation: containers.map((one) => one.restartCount).join("+"),
    ...(liveness === undefined ? {} : { livenessFrom: liveness }),
    terminating: metadata.deletionTimestamp !== undefined,
    node: spec.nodeName,
    lastEnd: lastEndOf(
      containers.flatMap((one) => [one.state.terminated, one.lastState.terminated]).filter((end) => end != null),
    ),
    host: status.podIP,
    adminPort: Number.isInteger(port) ? port : defaultAdminPort,
    instrumented: env.some((entry) => entry.name === "ADMIN_TOKEN"),
    containerIds: containers
      .filter((one) => one.containerID !== "" && one.state.terminated == null)
      .map((one) => one.containerID.replace(/^.*:\/\//, "")),
  };
}

/** What controls an object; undefined where nothing does. */
export function ownerOf(object: Pick<KubeObject, "metadata">) {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/** ReplicaSets by their uid. */
export type ReplicaSets = ReadonlyMap<string, KubeObject>;

const unknownSets: ReplicaSets = new Map();

/** The top owner of a pod; its uid where it is known. */
function topOwner(pod: Pick<KubeObject, "metadata">, sets: ReplicaSets) {
  const owner = ownerOf(pod);
  if (owner?.kind !== "ReplicaSet") return owner;
  const set = sets.get(owner.uid);
  if (set !== undefined) return ownerOf(set) ?? owner;
  // A ReplicaSet of a Deployment carries the pod's template hash as the end of its name.
  const hash = pod.metadata.labels?.["pod-template-hash"];
  if (hash === undefined || !owner.name.endsWith(`-${hash}`)) return owner;
  return { kind: "Deployment", name: owner.name.slice(0, -hash.length - 1), uid: undefined };
}

/**
 * The top owner of a pod: `deployment/payments`, `statefulset/db`, `job/import`; `pod/name` without one. By the owner of its ReplicaSet where
 * that is among the given ones, else by the ReplicaSet's name.
 */
export function podWorkload(pod: Pick<KubeObject, "metadata">, sets: ReplicaSets = unknownSets): string {
  const owner = topOwner(pod, sets);
  return owner === undefined ? `pod/${pod.metadata.name}` : `${owner.kind.toLowerCase()}/${owner.name}`;
}

/** True when a workload is the top owner of a pod: the same object, not only one of the same name. */
export function owns(workload: KubeObject, pod: KubeObject, sets: ReplicaSets): boolean {
  const owner = topOwner(pod, sets);
  if (owner?.kind !== workload.kind || owner.name !== workload.metadata.name) return false;
  return owner.uid === undefined || owner.uid === workload.metadata.uid;
}

const shape = z.looseObject({
  status: z
    .looseObject({
      phase: z.string().default("Pending"),
      containerStatuses: z
        .array(
          z.looseObject({
            state: z.looseObject({
              waiting: z.looseObject({ reason: z.string().optional() }).optional(),
              terminated: z.looseObject({ exitCode: z.number() }).optional(),
            }),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

/** Exit code of a pod with one container that runs once; how it stands while it has none. */
export function podEnd(pod: KubeObject): number | string {
  const { phase, containerStatuses } = shape.parse(pod).status;
  const [container] = containerStatuses;
  return container?.state.terminated?.exitCode ?? container?.state.waiting?.reason ?? phase;
}

/** Everything that can be said of a pod's containers, init containers included. */
function statuses(pod: KubeObject): readonly unknown[] {
  return [...listAt(pod, "status", "initContainerStatuses"), ...listAt(pod, "status", "containerStatuses")];
}

/** Restarts of all its containers. */
export function restartsOf(pod: KubeObject): number {
  return statuses(pod).reduce<number>((sum, status) => sum + countAt(status, "restartCount"), 0);
}

/** Why containers wait: CrashLoopBackOff, ImagePullBackOff, … */
export function waitingReasons(pod: KubeObject): readonly string[] {
  return statuses(pod)
    .map((status) => textAt(status, "state", "waiting", "reason"))
    .filter((reason) => reason !== "");
}

/** How the container ended that ended last: its reason, exit code and time; undefined when none has. */
export function lastEnd(pod: KubeObject): { readonly text: string; readonly finishedAt: string } | undefined {
  const ends = statuses(pod)
    .flatMap((status) => [at(status, "state", "terminated"), at(status, "lastState", "terminated")])
    .filter((end) => end !== undefined)
    .map((end) => ({
      text: `${textAt(end, "reason") || "Ended"}, exit ${countAt(end, "exitCode")}`,
      finishedAt: textAt(end, "finishedAt"),
    }));
  return ends.sort((a, b) => b.finishedAt.localeCompare(a.finishedAt))[0];
}

/** One word on its state, as `kubectl get pods` would print it. */
export function stateOf(pod: KubeObject): string {
  const waiting = waitingReasons(pod)[0];
  const reason = statuses(pod)
    .map((status) => textAt(status, "state", "terminated", "reason"))
    .find((text) => text !== "");
  return waiting ?? reason ?? (textAt(pod, "status", "phase") || "Unknown");
}

/** Names of its containers, init containers not included. */
export function containersOf(pod: KubeObject): readonly string[] {
  return listAt(pod, "spec", "containers").map((container) => textAt(container, "name"));
}
