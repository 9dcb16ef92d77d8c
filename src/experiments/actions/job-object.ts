import { z } from "zod";
import type { KubeObject } from "../../kube/kube.ts";

const strings = z.record(z.string(), z.string()).default({});
const variable = z.looseObject({ name: z.string() });
const container = z.looseObject({ env: z.array(variable).default([]) });
const podTemplate = z.looseObject({ spec: z.looseObject({ containers: z.array(container) }) });

const shape = z.looseObject({
  spec: z.looseObject({
    jobTemplate: z.looseObject({
      metadata: z.looseObject({ labels: strings, annotations: strings }).prefault({}),
      spec: z.looseObject({ template: podTemplate }),
    }),
  }),
});

type Variables = z.infer<typeof container>["env"];

/** In its place where it is set already, else in front: a variable may be used by those after it. */
function withVariable(env: Variables, name: string, value: string): Variables {
  const set = { name, value };
  return env.some((one) => one.name === name) ? env.map((one) => (one.name === name ? set : one)) : [set, ...env];
}

/**
 * The Job that `kubectl create job --from` makes of a CronJob, with one variable set in its containers. It has no owner: the CronJob's limit of
 * kept runs would throw away the learner's own for ours.
 */
export function jobObject(
  cronjob: KubeObject,
  place: { readonly name: string; readonly namespace: string },
  variableSet: { readonly name: string; readonly value: string },
): KubeObject {
  const { metadata, spec } = shape.parse(cronjob).spec.jobTemplate;
  const { template } = spec;
  const containers = template.spec.containers.map((one) => ({
    ...one,
    env: withVariable(one.env, variableSet.name, variableSet.value),
  }));
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      ...place,
      labels: metadata.labels,
      annotations: { "cronjob.kubernetes.io/instantiate": "manual", ...metadata.annotations },
    },
    spec: { ...spec, template: { ...template, spec: { ...template.spec, containers } } },
  };
}
