import type { Kube, KubeObject, ObjectRef } from "../../src/kube/kube.ts";
import { fakeKube } from "./kube.ts";

/** A bare object of a kind, in "shop" unless told otherwise. */
export function object(kind: string, name: string, namespace = "shop"): KubeObject {
  const group: Readonly<Record<string, string>> = {
    Deployment: "apps/v1",
    Role: "rbac.authorization.k8s.io/v1",
    ClusterRole: "rbac.authorization.k8s.io/v1",
    CronJob: "batch/v1",
  };
  const clusterWide = ["Namespace", "ClusterRole"].includes(kind);
  const metadata = clusterWide ? { name } : { name, namespace };
  return { apiVersion: group[kind] ?? "v1", kind, metadata };
}

const where = ({ kind, name, namespace }: ObjectRef): string =>
  `${kind}/${name}${namespace === undefined ? "" : ` in ${namespace}`}`;

/** A cluster that takes writes: what it holds, and a line for each write in its order. A patch replaces top-level fields. */
export function writableKube(given: readonly KubeObject[] = [], parts: Partial<Kube> = {}) {
  const objects = [...given];
  const log: string[] = [];
  const find = (ref: ObjectRef): number =>
    objects.findIndex(
      ({ kind, metadata }) =>
        kind === ref.kind &&
        metadata.name === ref.name &&
        (metadata.namespace === undefined || metadata.namespace === ref.namespace),
    );
  const kube = fakeKube(objects, {
    apply: async (one) => {
      log.push(`apply ${one.kind}/${one.metadata.name}`);
      objects.push(one);
      return one;
    },
    create: async (one) => {
      log.push(`create ${one.kind}/${one.metadata.name}`);
      objects.push(one);
      return one;
    },
    delete: async (ref) => {
      log.push(`delete ${where(ref)}`);
      const at = find(ref);
      if (at >= 0) objects.splice(at, 1);
      return at >= 0;
    },
    patch: async (ref, patch, how) => {
      log.push(`patch ${where(ref)} ${how} ${JSON.stringify(patch)}`);
      const at = find(ref);
      const before = objects[at];
      if (before === undefined) throw new Error(`${where(ref)} is not there`);
      const after = { ...before, ...Object(patch) };
      objects[at] = after;
      return after;
    },
    ...parts,
  });
  return { kube, objects, log };
}
