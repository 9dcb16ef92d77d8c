import { z } from "zod";
import type { Kube } from "../kube/kube.ts";

const shape = z.looseObject({
  endpoints: z
    .array(
      z.looseObject({
        addresses: z.array(z.string()).default([]),
        conditions: z.looseObject({ ready: z.boolean().nullish() }).nullish(),
        targetRef: z.looseObject({ kind: z.string().default(""), uid: z.string().default("") }).nullish(),
      }),
    )
    .nullish(),
});

/** One address that a Service may send requests to. */
export interface Endpoint {
  readonly address: string;
  readonly ready: boolean;
  /** Uid of the pod that it is said to be; "" where none is named. */
  readonly pod: string;
  /** Name of the EndpointSlice. */
  readonly slice: string;
  /** The cluster keeps the slice up to date; nobody does that for one that was made by hand. */
  readonly kept: boolean;
}

const managedBy = "endpointslice.kubernetes.io/managed-by";
const manager = "endpointslice-controller.k8s.io";

/** All addresses of a Service, from all of its EndpointSlices, whoever made them. */
export async function serviceEndpoints(kube: Kube, namespace: string, service: string): Promise<Endpoint[]> {
  const slices = await kube.list({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    namespace,
    labelSelector: `kubernetes.io/service-name=${service}`,
  });
  return slices.flatMap((slice) => {
    const { name, labels, ownerReferences = [] } = slice.metadata;
    const owned = ownerReferences.some(
      (owner) => owner.controller === true && owner.kind === "Service" && owner.name === service,
    );
    const kept = owned && labels?.[managedBy] === manager;
    return (shape.parse(slice).endpoints ?? []).flatMap(({ addresses, conditions, targetRef }) =>
      addresses.map((address): Endpoint => ({
        address,
        // The API says that an unknown readiness counts as ready.
        ready: conditions?.ready ?? true,
        pod: targetRef?.kind === "Pod" ? targetRef.uid : "",
        slice: name,
        kept,
      })),
    );
  });
}
