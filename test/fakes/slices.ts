import type { KubeObject } from "../../src/kube/kube.ts";

/** One address of a fake EndpointSlice; ready, and that of a pod whose uid is "uid-<pod>", unless told otherwise. */
export interface FakeEndpoint {
  readonly ip: string;
  readonly pod?: string;
  readonly uid?: string;
  readonly ready?: boolean;
}

/** An EndpointSlice of a Service in "shop", as the cluster keeps it; with `by: "hand"` one that somebody made. */
export function fakeSlice(service: string, endpoints: readonly FakeEndpoint[], by = "controller"): KubeObject {
  const labels = { "kubernetes.io/service-name": service };
  const kept = { ...labels, "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io" };
  const owner = { apiVersion: "v1", kind: "Service", name: service, uid: `uid-${service}`, controller: true };
  const name = `${service}-${by}`;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata:
      by === "hand"
        ? { name, namespace: "shop", labels }
        : { name, namespace: "shop", labels: kept, ownerReferences: [owner] },
    addressType: "IPv4",
    endpoints: endpoints.map(({ ip, pod, uid = `uid-${pod ?? ""}`, ready }) => ({
      addresses: [ip],
      conditions: ready === undefined ? {} : { ready },
      ...(pod === undefined ? {} : { targetRef: { kind: "Pod", name: pod, namespace: "shop", uid } }),
    })),
  };
}

/** A Service in "shop" that selects `app=<name>`, or what it is given. */
export function fakeService(name: string, selector: Record<string, string> = { app: name }): KubeObject {
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace: "shop" }, spec: { selector } };
}
