import { z } from "zod";
import type { KubeObject } from "../kube/kube.ts";

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
