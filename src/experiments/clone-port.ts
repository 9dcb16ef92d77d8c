import { z } from "zod";
import { environmentError } from "../lib/errors.ts";
import type { ActionContext } from "./action.ts";
import { parseTarget } from "./target.ts";

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
  { sandbox, namespace }: Pick<ActionContext, "sandbox" | "namespace">,
  params: Readonly<Record<string, unknown>>,
  cloneText: string,
): Promise<{ readonly port?: number }> {
  const to = typeof params["to"] === "string" ? parseTarget(params["to"]) : undefined;
  if (to?.kind !== "service" || sandbox.provider !== "kind") return {};
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
