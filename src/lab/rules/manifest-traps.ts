import { z } from "zod";
import type { KubeObject } from "../../kube/kube.ts";
import { labObjects, objectName } from "../entries.ts";
import { problem } from "../problem.ts";
import { isClusterScoped } from "./cluster-scoped.ts";
import type { Rule } from "./rule.ts";

const map = z.record(z.string(), z.unknown());

const container = z.looseObject({
  name: z.string(),
  imagePullPolicy: z.string().optional(),
  env: z.array(z.looseObject({ name: z.string(), value: z.unknown().optional() })).optional(),
});

const podSpec = z.looseObject({
  nodeName: z.string().optional(),
  nodeSelector: map.optional(),
  containers: z.array(container).optional(),
  initContainers: z.array(container).optional(),
});

const workload = z.looseObject({
  selector: z.looseObject({ matchLabels: map.optional() }).optional(),
  template: z.looseObject({ metadata: z.looseObject({ labels: map.optional() }).optional(), spec: podSpec }),
});

function podTraps(spec: z.output<typeof podSpec>): string[] {
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  const host = spec.nodeName !== undefined || Object.hasOwn(spec.nodeSelector ?? {}, "kubernetes.io/hostname");
  return [
    ...(host ? ["names a node: the names of nodes differ between sandboxes"] : []),
    ...containers.flatMap(({ name, imagePullPolicy }) =>
      imagePullPolicy === "Always" ? [`container ${name} pulls always: there is nothing to pull from`] : [],
    ),
    ...containers.flatMap(({ name, env = [] }) =>
      env
        .filter(({ value }) => value !== undefined && typeof value !== "string")
        .map((one) => `container ${name}: the value of ${one.name} needs quotes`),
    ),
  ];
}

function workloadTraps(spec: z.output<typeof workload>): string[] {
  const own = spec.template.metadata?.labels ?? {};
  const wanted = Object.entries(spec.selector?.matchLabels ?? {});
  const differing = wanted.find(([key, value]) => own[key] !== value);
  const selector = differing === undefined ? [] : [`its selector's ${differing[0]} is not on its pods`];
  return [...selector, ...podTraps(spec.template.spec)];
}

function traps(object: KubeObject): string[] {
  const spec = object["spec"];
  if (object.kind === "Pod") {
    const parsed = podSpec.safeParse(spec);
    return parsed.success ? podTraps(parsed.data) : [];
  }
  if (object.kind === "PodDisruptionBudget") {
    const parsed = map.safeParse(spec);
    return Object.entries(parsed.success ? parsed.data : {}).flatMap(([key, value]) =>
      (key === "minAvailable" || key === "maxUnavailable") && typeof value === "string" && !/^\d+%$|\$\{/.test(value)
        ? [`${key} "${value}" is neither a whole number nor a percentage`]
        : [],
    );
  }
  if (isClusterScoped(object.kind) && object.metadata.namespace !== undefined)
    return ["has a namespace, but its kind has none"];
  const parsed = workload.safeParse(spec);
  return parsed.success ? workloadTraps(parsed.data) : [];
}

/** Mistakes in manifests that the API server or the sandbox is sure to refuse. */
export const manifestTraps: Rule = ({ lab, objectPlace }) =>
  labObjects(lab).flatMap(({ object }) =>
    traps(object).map((trap) => problem(objectPlace(object), `${objectName(object)} ${trap}`)),
  );
