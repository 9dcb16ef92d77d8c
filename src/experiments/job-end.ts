import { z } from "zod";
import { KubeError } from "../kube/kube-error.ts";
import type { Kube, KubeObject } from "../kube/kube.ts";
import { podEnd } from "./pod-end.ts";

/** How a Job ended. */
export interface JobEnd {
  readonly failed: boolean;
  /** Exit code of its last pod, or how that stands; "no pod" where none was made. */
  readonly exit: number | string;
  /** Service account of its last pod. */
  readonly account: string;
  /** The last lines that it wrote. */
  readonly log: string;
}

interface Place {
  readonly name: string;
  readonly namespace: string;
}

const LINES = 5;

const jobShape = z.looseObject({
  status: z
    .looseObject({ conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]) })
    .prefault({}),
});

const podShape = z.looseObject({
  spec: z.looseObject({
    serviceAccountName: z.string().default("default"),
    containers: z.array(z.looseObject({ name: z.string() })).min(1),
  }),
});

function isTrue(object: KubeObject, type: string): boolean {
  return jobShape.parse(object).status.conditions.some((one) => one.type === type && one.status === "True");
}

async function lastPod(kube: Kube, { name, namespace }: Place): Promise<KubeObject | undefined> {
  const labelSelector = `batch.kubernetes.io/job-name=${name}`;
  const pods = await kube.list({ apiVersion: "v1", kind: "Pod", namespace, labelSelector });
  const times = pods.map((pod) => pod.metadata.creationTimestamp ?? "").toSorted();
  return pods.findLast((pod) => (pod.metadata.creationTimestamp ?? "") === times.at(-1));
}

/** The end of what its pod wrote; "" where there is nothing to read, as before its container has started. */
async function lastLines(kube: Kube, pod: KubeObject): Promise<string> {
  const { namespace = "", name } = pod.metadata;
  const [first] = podShape.parse(pod).spec.containers;
  try {
    const container = first === undefined ? {} : { container: first.name };
    return (await kube.logs({ namespace, pod: name, ...container, tailLines: LINES })).trim();
  } catch (error) {
    if (error instanceof KubeError && error.status !== undefined && error.status < 500) return "";
    throw error;
  }
}

/** How a Job ended; while it runs, a sentence on how it stands. */
export async function jobEnd(kube: Kube, place: Place): Promise<JobEnd | string> {
  const found = await kube.get({ apiVersion: "batch/v1", kind: "Job", ...place });
  if (found === undefined) return `job/${place.name} is gone`;
  const failed = isTrue(found, "Failed");
  const over = failed || isTrue(found, "Complete");
  const pod = await lastPod(kube, place);
  if (pod === undefined) {
    return over ? { failed, exit: "no pod", account: "", log: "" } : `job/${place.name} has no pod`;
  }
  const exit = podEnd(pod);
  if (!over) return `pod/${pod.metadata.name}: ${typeof exit === "number" ? `exit code ${exit}` : exit}`;
  const { serviceAccountName } = podShape.parse(pod).spec;
  return { failed, exit, account: serviceAccountName, log: await lastLines(kube, pod) };
}
