import { readFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import type { Kube, KubeObject } from "../../kube/kube.ts";
import type { Runtime } from "../../runtime.ts";
import { writePrivate } from "../../session/store.ts";
import { systemNamespace } from "../sandbox.ts";
import type { Baseline } from "./baseline.ts";

const secretRef = { apiVersion: "v1", kind: "Secret", name: "baseline", namespace: systemNamespace } as const;

interface Where {
  readonly name: string;
  readonly kube: Kube;
}

const entry = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  namespace: z.string().exactOptional(),
  fields: z.record(z.string(), z.unknown()),
  labels: z.record(z.string(), z.string()).exactOptional(),
});
const baselineSchema: z.ZodType<Baseline> = z.object({
  version: z.literal(1),
  hash: z.string(),
  namespaces: z.array(z.string()),
  entries: z.array(entry),
});

function localFile(rt: Runtime, name: string): string {
  return path.join(rt.paths.home, "sandboxes", `${name}.json`);
}

function parse(text: string): Baseline | undefined {
  try {
    return baselineSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function packed(secret: KubeObject | undefined): string | undefined {
  const data = secret?.["data"];
  if (typeof data !== "object" || data === null || !("baseline" in data)) return undefined;
  return typeof data.baseline === "string" ? data.baseline : undefined;
}

function unpack(text: string): string {
  try {
    return gunzipSync(Buffer.from(text, "base64")).toString("utf8");
  } catch {
    return "";
  }
}

/** Remembers a baseline in its cluster, and beside our state, where no learner changes it by accident. */
export async function saveBaseline(rt: Runtime, { name, kube }: Where, baseline: Baseline): Promise<void> {
  const text = JSON.stringify(baseline);
  const data = { baseline: gzipSync(text).toString("base64") };
  const { apiVersion, kind, ...metadata } = secretRef;
  await kube.delete(secretRef);
  await kube.create({ apiVersion, kind, metadata, data });
  await writePrivate(localFile(rt, name), text);
}

/** The baseline of a cluster: our copy, else the cluster's; undefined when the cluster was never finished. */
export async function loadBaseline(rt: Runtime, { name, kube }: Where): Promise<Baseline | undefined> {
  const local = parse(await readFile(localFile(rt, name), "utf8").catch(() => ""));
  if (local !== undefined) return local;
  const text = packed(await kube.get(secretRef));
  const stored = text === undefined ? undefined : parse(unpack(text));
  if (stored !== undefined) await writePrivate(localFile(rt, name), JSON.stringify(stored));
  return stored;
}
