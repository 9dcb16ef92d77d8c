import type { Scope } from "./scope.ts";
import { z } from "zod";
import type { Kube } from "../kube/kube.ts";
import { parseTarget } from "../lab/target.ts";
import { environmentError } from "../lib/errors.ts";
import { hasCluster } from "../sandbox/capabilities.ts";

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

const serviceShape = z.looseObject({
  spec: z.looseObject({
    ports: z.array(z.looseObject({ port: z.number(), targetPort: z.union([z.number(), z.string()]).optional() })),
  }),
});

const podShape = z.looseObject({
  spec: z.looseObject({
    containers: z.array(
      z.looseObject({
        ports: z.array(z.looseObject({ name: z.string().optional(), containerPort: z.number() })).default([]),
      }),
    ),
  }),
});

/**
 * The port of a clone that takes the load of a Service: what the Service's port leads to. Empty where the load went to pods or containers, as
 * their port is the clone's.
 */
export async function clonePort(
  { sandbox, namespace }: Pick<Scope, "sandbox" | "namespace">,
  params: Readonly<Record<string, unknown>>,
  cloneText: string,
): Promise<{ readonly port?: number }> {
  const to = typeof params["to"] === "string" ? parseTarget(params["to"]) : undefined;
  if (to?.kind !== "service" || !hasCluster(sandbox)) return {};
  const service = await sandbox.kube.get({ apiVersion: "v1", kind: "Service", name: to.name, namespace });
  if (service === undefined) throw environmentError(`service/${to.name} is gone`);
  const { ports } = serviceShape.parse(service).spec;
  const entry = ports.find(({ port }) => port === (params["port"] ?? 80)) ?? ports[0];
  const wanted = entry?.targetPort ?? entry?.port;
  if (typeof wanted !== "string") return wanted === undefined ? {} : { port: wanted };
  const name = parseTarget(cloneText)?.name ?? "";
  const pod = await sandbox.kube.get({ apiVersion: "v1", kind: "Pod", name, namespace });
  const named = pod === undefined ? [] : podShape.parse(pod).spec.containers.flatMap((one) => one.ports);
  const found = named.find((port) => port.name === wanted);
  if (found === undefined) throw environmentError(`the clone has no port named ${wanted}`);
  return { port: found.containerPort };
}
