import type { KubeObject } from "../../kube/kube.ts";
import { at, countAt, listAt, textAt } from "../../lib/fields.ts";

/** Everything that can be said of a pod's containers, init containers included. */
function statuses(pod: KubeObject): readonly unknown[] {
  return [...listAt(pod, "status", "initContainerStatuses"), ...listAt(pod, "status", "containerStatuses")];
}

/** True when its Ready condition holds. */
export function isReady(pod: KubeObject): boolean {
  return listAt(pod, "status", "conditions").some(
    (condition) => textAt(condition, "type") === "Ready" && textAt(condition, "status") === "True",
  );
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
