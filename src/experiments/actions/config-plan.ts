import { randomBytes } from "node:crypto";
import { z } from "zod";
import { KubeError } from "../../kube/kube-error.ts";
import type { Kube } from "../../kube/kube.ts";
import { type WorkloadRef, workloadText } from "../../lab/workload.ts";
import { type EffectiveConfig, encoded, keysHolding, readConfig } from "../../system/config.ts";
import type { Member } from "../../system/member.ts";
import { workloadMembers } from "../../system/members.ts";
import type { ActionContext } from "../action.ts";

/** One setting to change, as a lab file writes it. */
export const configChoice = z
  .strictObject({
    configmap: z.string().optional(),
    secret: z.string().optional(),
    setting: z.string().describe("Name of the setting as the service shows it at /config"),
    value: z.string().includes("*").default("*").describe("The new value; * stands for a random word"),
  })
  .refine(({ configmap, secret }) => (configmap === undefined) !== (secret === undefined), "give configmap or secret");

type Choice = z.infer<typeof configChoice>;

/** One change, ready to be made: the keys that hold the setting, and its value before and after. */
export interface ConfigPlan {
  readonly ref: {
    readonly apiVersion: "v1";
    readonly kind: "ConfigMap" | "Secret";
    readonly name: string;
    readonly namespace: string;
  };
  readonly keys: readonly string[];
  readonly setting: string;
  readonly from: string;
  readonly to: string;
}

function text({ kind, name }: ConfigPlan["ref"]): string {
  return `${kind.toLowerCase()}/${name}`;
}

async function planChange(
  kube: Kube,
  namespace: string,
  choice: Choice,
  config: EffectiveConfig,
): Promise<ConfigPlan | string> {
  const { setting, configmap, secret } = choice;
  const ref: ConfigPlan["ref"] = {
    apiVersion: "v1",
    kind: secret === undefined ? "ConfigMap" : "Secret",
    name: secret ?? configmap ?? "",
    namespace,
  };
  const used = config[setting];
  if (used === undefined || used.source === "default") return `the service runs without ${setting}`;
  const object = await kube.get(ref);
  if (object === undefined) return `${text(ref)} does not exist`;
  const keys = keysHolding({ ...object, kind: ref.kind }, used.value);
  if (keys.length === 0) return `${text(ref)} has no entry with the value that the service uses as ${setting}`;
  return { ref, keys, setting, from: used.value, to: choice.value.replace("*", randomBytes(6).toString("hex")) };
}

/**
 * Finds where settings come from by their values, not by reading how the workload refers to them: whatever way a value took, the service uses
 * what the object holds. A sentence where it does not.
 */
export async function planChanges(
  context: Pick<ActionContext, "sandbox" | "namespace">,
  kube: Kube,
  given: { readonly workload: WorkloadRef; readonly changes: readonly Choice[]; readonly port: number },
): Promise<ConfigPlan[] | string> {
  const members = await workloadMembers(context, given.workload);
  const member = members.find((one) => one.ready && !one.terminating);
  if (member === undefined) return `${workloadText(given.workload)} has no ready pod`;
  const config = await readConfig(context, member, given.port);
  if (typeof config === "string") return config;
  const plans: ConfigPlan[] = [];
  for (const choice of given.changes) {
    const plan = await planChange(kube, context.namespace, choice, config);
    if (typeof plan === "string") return plan;
    plans.push(plan);
  }
  return plans;
}

/** Writes the new values; a sentence where the API server refuses, as it does for an immutable object. */
export async function writeChanges(kube: Kube, plans: readonly ConfigPlan[]): Promise<string | undefined> {
  for (const { ref, keys, to } of plans) {
    const data = Object.fromEntries(keys.map((key) => [key, encoded(ref.kind, to)]));
    try {
      await kube.patch(ref, { data }, "merge");
    } catch (error) {
      if (!(error instanceof KubeError) || error.status === undefined) throw error;
      return `${text(ref)} cannot be changed: ${error.message}`;
    }
  }
  return undefined;
}

/** Which pod does not use which new value; undefined when all of them use all. */
export async function staleSetting(
  context: Pick<ActionContext, "sandbox">,
  members: readonly Member[],
  plans: readonly ConfigPlan[],
  port: number,
): Promise<string | undefined> {
  for (const member of members) {
    const config = await readConfig(context, member, port);
    if (typeof config === "string") return config;
    const old = plans.find(({ setting, to }) => config[setting]?.value !== to);
    if (old !== undefined) return `${member.name} does not use the new ${old.setting} of ${text(old.ref)}`;
  }
  return undefined;
}
