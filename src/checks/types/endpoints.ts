import { z } from "zod";
import { type Endpoint, serviceEndpoints } from "../../system/service-endpoints.ts";
import type { KubeObject } from "../../kube/kube.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { bounds, boundsText, isWithin } from "../../lib/compare.ts";
import { entriesAt, listAt, textAt } from "../../lib/fields.ts";
import { defineCheck, joined, verdict } from "../check.ts";
import { workloadPods } from "../../system/current-pods.ts";
import { isReady } from "../../kube/workload.ts";
import { kubeOf } from "../../system/objects.ts";

const params = z.strictObject({
  service: z.string().describe("Name of the Service"),
  workload: workload.describe("Its ready pods, and nothing else, must be behind the Service"),
  namespace: z.string().optional(),
  ready: bounds.optional().describe("How many of its addresses are ready"),
});

type Params = z.infer<typeof params>;

function addressesOf(pod: KubeObject): readonly string[] {
  return [textAt(pod, "status", "podIP"), ...listAt(pod, "status", "podIPs").map((one) => textAt(one, "ip"))];
}

/** What one ready address has to do with the workload's pods; undefined where it belongs there. */
function foreign({ address, pod, slice, kept }: Endpoint, pods: readonly KubeObject[], of: string): string | undefined {
  if (!kept) return `${address} stands in ${slice}, which no controller keeps up to date`;
  const owner = pods.find(({ metadata }) => metadata.uid === pod);
  if (owner === undefined || !addressesOf(owner).includes(address)) return `${address} is no pod of ${of}`;
  return isReady(owner) ? undefined : `pod/${owner.metadata.name} is not ready and gets requests all the same`;
}

function problems(given: Params, service: KubeObject, endpoints: readonly Endpoint[], pods: readonly KubeObject[]) {
  const ready = endpoints.filter((one) => one.ready);
  const listed = new Set(ready.map((one) => one.pod));
  const waiting = pods.filter((pod) => !isReady(pod)).length;
  const missing = pods.filter((pod) => isReady(pod) && !listed.has(pod.metadata.uid ?? ""));
  return [
    ...(entriesAt(service, "spec", "selector").length === 0
      ? ["it selects nothing, so nobody keeps its addresses"]
      : []),
    ...ready.flatMap((one) => foreign(one, pods, workloadText(given.workload)) ?? []),
    ...missing.map((pod) => `pod/${pod.metadata.name} is ready and gets no requests`),
    ...(ready.length === 0
      ? [`none of its ${endpoints.length} addresses is ready, nor are ${waiting} of the pods`]
      : []),
    ...(given.ready === undefined || isWithin(listed.size, given.ready) ? [] : [`${listed.size} ready addresses`]),
  ];
}

/** The addresses behind a Service, by their own conditions. */
export const endpoints = defineCheck<Params>({
  name: "endpoints",
  summary: "The ready addresses of a Service are exactly the ready pods of a workload, and the cluster keeps them",
  reads: ["sandbox"],
  needs: ["cluster"],
  racy: true,
  params,
  async run(given, context) {
    const kube = kubeOf(context);
    const namespace = given.namespace ?? context.namespace;
    const name = `service/${given.service}`;
    const of = workloadText(given.workload);
    const count = given.ready === undefined ? "" : ` (${boundsText(given.ready)})`;
    const expected = `${name} leads to every ready pod of ${of}${count} and to nothing else`;
    const lookAt = `kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${given.service} -o yaml`;
    const service = await kube.get({ apiVersion: "v1", kind: "Service", name: given.service, namespace });
    if (service === undefined) return verdict(false, expected, `no ${name} in namespace ${namespace}`, { lookAt });
    // Addresses first: a pod that comes meanwhile is no stranger then.
    const found = await serviceEndpoints(kube, namespace, given.service);
    const pods = await workloadPods(kube, namespace, given.workload);
    if (pods === undefined) return verdict(false, expected, `no ${of} in namespace ${namespace}`, { lookAt });
    const own = [...pods.current, ...pods.old].filter((pod) => pod.metadata.deletionTimestamp === undefined);
    const wrong = problems(given, service, found, own);
    const fine = `${found.filter((one) => one.ready).length} ready addresses, all of them pods of ${of}`;
    return verdict(wrong.length === 0, expected, wrong.length === 0 ? fine : joined(wrong), {
      lookAt,
      data: { endpoints: found },
    });
  },
});
