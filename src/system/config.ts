import type { Scope } from "./scope.ts";
import { z } from "zod";
import type { KubeObject } from "../kube/kube.ts";
import type { Member } from "./member.ts";

const holder = z.looseObject({ data: z.record(z.string(), z.string()).nullish() });

/** The entries of a ConfigMap or Secret as it holds them; those of a Secret are in base64. */
export function rawData(object: KubeObject): Readonly<Record<string, string>> {
  return holder.parse(object).data ?? {};
}

/** A text as an entry of a ConfigMap or Secret. */
export function encoded(kind: string, text: string): string {
  return kind === "Secret" ? Buffer.from(text).toString("base64") : text;
}

/** The keys whose entry is this text. */
export function keysHolding(object: KubeObject, text: string): string[] {
  const raw = encoded(object.kind, text);
  return Object.entries(rawData(object)).flatMap(([key, value]) => (value === raw ? [key] : []));
}

const shape = z.record(z.string(), z.looseObject({ value: z.string(), source: z.string() }));

/** The settings that a running service uses, by name. */
export type EffectiveConfig = z.infer<typeof shape>;

function parsed(body: string): EffectiveConfig | undefined {
  try {
    return shape.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** Asks one pod for the settings that it runs with; a sentence where it does not tell. */
export async function readConfig(
  { sandbox }: Pick<Scope, "sandbox">,
  member: Member,
  port: number,
): Promise<EffectiveConfig | string> {
  const answer = await sandbox.agent.request({ url: `http://${member.host}:${port}/config`, timeoutMs: 5000 });
  const seen = answer.status === 0 ? `${answer.kind}: ${answer.error}` : `status ${answer.status}`;
  return parsed(answer.body) ?? `${member.name} does not tell its settings at port ${port}, /config: ${seen}`;
}
