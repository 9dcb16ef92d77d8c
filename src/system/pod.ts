import { z } from "zod";
import type { KubeObject } from "../kube/kube.ts";
import { isReady } from "../kube/workload.ts";
import { at, countAt, listAt, textAt } from "../lib/fields.ts";
import { type Member, defaultAdminPort } from "./member.ts";
import { podWorkload, type ReplicaSets } from "./owner.ts";

const containerState = z.looseObject({
  running: z.looseObject({ startedAt: z.string().nullish() }).nullish(),
  terminated: z.looseObject({}).nullish(),
});

const containerStatus = z.looseObject({
  name: z.string().default(""),
  containerID: z.string().default(""),
  state: containerState.default({}),
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
      podIP: z.string().default(""),
      containerStatuses: z.array(containerStatus).default([]),
    })
    .prefault({}),
});

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
  const liveness = livenessFrom(parsed);
  return {
    name: metadata.name,
    uid: metadata.uid ?? "",
    namespace: metadata.namespace ?? "",
    labels: metadata.labels ?? {},
    workload: podWorkload(pod, sets),
    ready: isReady(pod),
    state: stateOf(pod),
    restarts: restartsOf(pod),
    incarnation: statuses(pod)
      .map(({ status: one }) => countAt(one, "restartCount"))
      .join("+"),
    ...(liveness === undefined ? {} : { livenessFrom: liveness }),
    terminating: metadata.deletionTimestamp !== undefined,
    node: spec.nodeName,
    lastEnd: lastEnd(pod)?.text ?? "",
    host: status.podIP,
    adminPort: Number.isInteger(port) ? port : defaultAdminPort,
    instrumented: env.some((entry) => entry.name === "ADMIN_TOKEN"),
    containerIds: containers
      .filter((one) => one.containerID !== "" && one.state.terminated == null)
      .map((one) => one.containerID.replace(/^.*:\/\//, "")),
  };
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

/** What the kubelet says of one container. */
interface ContainerSaid {
  readonly status: unknown;
  /** An init container that ends before the others begin; false for those that run beside them (restartPolicy Always). */
  readonly first: boolean;
}

/** What is said of a pod's containers: init containers first, all of them. */
function statuses(pod: KubeObject): readonly ContainerSaid[] {
  const beside = new Set(
    listAt(pod, "spec", "initContainers")
      .filter((one) => textAt(one, "restartPolicy") === "Always")
      .map((one) => textAt(one, "name")),
  );
  return [
    ...listAt(pod, "status", "initContainerStatuses").map((status) => ({
      status,
      first: !beside.has(textAt(status, "name")),
    })),
    ...listAt(pod, "status", "containerStatuses").map((status) => ({ status, first: false })),
  ];
}

/** An init container that did its work: that is no end to speak of. */
function isDone({ status, first }: ContainerSaid): boolean {
  return (
    first && at(status, "state", "terminated") !== undefined && countAt(status, "state", "terminated", "exitCode") === 0
  );
}

/** True for a container that has ended and is to start again, which the counter of restarts does not know yet. */
function isDown(pod: KubeObject, said: ContainerSaid): boolean {
  const { status } = said;
  if (at(status, "state", "waiting") !== undefined) return at(status, "lastState", "terminated") !== undefined;
  if (at(status, "state", "terminated") === undefined || isDone(said)) return false;
  // Nobody starts what ends with its pod.
  if (isOver(pod) || pod.metadata.deletionTimestamp !== undefined) return false;
  const policy = textAt(pod, "spec", "restartPolicy") || "Always";
  return policy === "Always" || (policy === "OnFailure" && countAt(status, "state", "terminated", "exitCode") !== 0);
}

/** True for a pod that has ended for good. */
export function isOver(pod: KubeObject): boolean {
  return ["Succeeded", "Failed"].includes(textAt(pod, "status", "phase"));
}

/**
 * Restarts of all its containers, init containers included; the one reading for looks and for records. The API server counts a restart once the
 * next start has come, which the back-off may put off for minutes: a container that has ended and waits for its next start counts as well.
 */
export function restartsOf(pod: KubeObject): number {
  return statuses(pod).reduce(
    (sum, said) => sum + countAt(said.status, "restartCount") + (isDown(pod, said) ? 1 : 0),
    0,
  );
}

/** Why containers wait: CrashLoopBackOff, ImagePullBackOff, … */
export function waitingReasons(pod: KubeObject): readonly string[] {
  return statuses(pod)
    .map(({ status }) => textAt(status, "state", "waiting", "reason"))
    .filter((reason) => reason !== "");
}

/** How the container ended that ended last: its reason, exit code and time; undefined when none has. */
export function lastEnd(pod: KubeObject): { readonly text: string; readonly finishedAt: string } | undefined {
  const ends = statuses(pod)
    .flatMap((said) => [
      isDone(said) ? undefined : at(said.status, "state", "terminated"),
      at(said.status, "lastState", "terminated"),
    ])
    .filter((end) => end !== undefined && end !== null)
    .map((end) => ({
      text: `${textAt(end, "reason") || "Error"}, exit ${countAt(end, "exitCode")}`,
      finishedAt: textAt(end, "finishedAt"),
    }));
  return ends.sort((a, b) => b.finishedAt.localeCompare(a.finishedAt))[0];
}

/** One word on its state, as `kubectl get pods` would print it. */
export function stateOf(pod: KubeObject): string {
  const reason = statuses(pod)
    .filter((said) => !isDone(said))
    .map(({ status }) => textAt(status, "state", "terminated", "reason"))
    .find((text) => text !== "");
  return waitingReasons(pod)[0] ?? reason ?? (textAt(pod, "status", "phase") || "Pending");
}

/** Names of its containers, init containers not included. */
export function containersOf(pod: KubeObject): readonly string[] {
  return listAt(pod, "spec", "containers").map((container) => textAt(container, "name"));
}
