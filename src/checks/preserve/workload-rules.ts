import type { KubeObject } from "../../kube/kube.ts";
import { at, entriesAt, listAt, numberAt, textAt } from "../../lib/fields.ts";
import { objectText } from "../../system/objects.ts";

/** What a rule finds wrong, one sentence each; none where the live workload is as good as the reference. */
export type WorkloadRule = (reference: KubeObject, live: KubeObject) => readonly string[];

/** One container of a workload in the reference, and in the cluster where it is still there. */
interface Pair {
  readonly name: string;
  readonly reference: unknown;
  readonly live: unknown;
}

const lists = ["initContainers", "containers"] as const;

function containers(object: KubeObject, list: (typeof lists)[number]): readonly unknown[] {
  return listAt(object, "spec", "template", "spec", list);
}

function pairs(reference: KubeObject, live: KubeObject): Pair[] {
  return lists.flatMap((list) =>
    containers(reference, list).map((one) => {
      const name = textAt(one, "name");
      return { name, reference: one, live: containers(live, list).find((other) => textAt(other, "name") === name) };
    }),
  );
}

/** spec.replicas may grow, not shrink. */
export const replicas: WorkloadRule = (reference, live) => {
  const wanted = numberAt(reference, "spec", "replicas") ?? 1;
  const has = numberAt(live, "spec", "replicas") ?? 1;
  return has >= wanted ? [] : [`${objectText(live)} spec.replicas ${has}, was ${wanted}`];
};

/** An init container that ends, or a native sidecar that offers no port: nothing that was not there answers in the workload's place. */
function isHelper(one: unknown): boolean {
  return textAt(one, "restartPolicy") !== "Always" || listAt(one, "ports").length === 0;
}

/** Every container runs its image, and there is no container that was not there, but helpers before it. */
export const image: WorkloadRule = (reference, live) => {
  const changed = pairs(reference, live)
    .filter((pair) => textAt(pair.reference, "image") !== textAt(pair.live, "image"))
    .map((pair) => {
      const has = pair.live === undefined ? "is gone" : `image ${textAt(pair.live, "image")}`;
      return `${objectText(live)} container ${pair.name} ${has}, was ${textAt(pair.reference, "image")}`;
    });
  const known = new Set(pairs(reference, live).map((pair) => pair.name));
  const added = [
    ...containers(live, "initContainers").filter((one) => !isHelper(one)),
    ...containers(live, "containers"),
  ];
  const foreign = added
    .map((one) => textAt(one, "name"))
    .filter((name) => !known.has(name))
    .map((name) => `${objectText(live)} has a container ${name} that was not there`);
  return [...changed, ...foreign];
};

/** The labels of the workload and of its pods are still there; more may have come. */
export const labels: WorkloadRule = (reference, live) => {
  const places: readonly (readonly string[])[] = [
    ["metadata", "labels"],
    ["spec", "template", "metadata", "labels"],
  ];
  return places.flatMap((place) =>
    entriesAt(reference, ...place)
      .filter(([key, value]) => at(live, ...place, key) !== value)
      .map(([key, value]) => `${objectText(live)} ${place.join(".")} has lost ${key}=${String(value)}`),
  );
};

const probeKinds = ["livenessProbe", "readinessProbe", "startupProbe"] as const;

/** Every kind of probe that a container had, it has; how it looks is for experiments to judge. */
export const probes: WorkloadRule = (reference, live) =>
  pairs(reference, live).flatMap((pair) =>
    probeKinds
      .filter((kind) => at(pair.reference, kind) !== undefined && at(pair.live, kind) === undefined)
      .map((kind) => `${objectText(live)} container ${pair.name} has no ${kind} any more`),
  );

function resources(part: "requests" | "limits"): WorkloadRule {
  return (reference, live) =>
    pairs(reference, live).flatMap((pair) =>
      entriesAt(pair.reference, "resources", part)
        .filter(([key]) => at(pair.live, "resources", part, key) === undefined)
        // What stands for the pod as a whole counts for all of its containers together.
        .filter(([key]) => at(live, "spec", "template", "spec", "resources", part, key) === undefined)
        .map(([key]) => `${objectText(live)} container ${pair.name} has no resources.${part}.${key} any more`),
    );
}

/** Requests are set where they were set. */
export const requests = resources("requests");

/** Limits are set where they were set. */
export const limits = resources("limits");
