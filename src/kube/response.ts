import { isRecord } from "../lib/is-record.ts";
import { KubeError } from "./kube-error.ts";
import type { KubeObject } from "./kube.ts";

/** Parsed JSON, or undefined where the text is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The error that an answer of the API server stands for: its Status object where it sent one. */
export function responseError(status: number, text: string, call: string): KubeError {
  const body = jsonOf(text);
  const said = isRecord(body) && typeof body["message"] === "string" ? body["message"] : text.trim().slice(0, 300);
  const reason = isRecord(body) && typeof body["reason"] === "string" ? body["reason"] : undefined;
  return new KubeError(said === "" ? `API server answered ${status} to ${call}` : said, {
    status,
    ...(reason === undefined ? {} : { reason }),
  });
}

function isObject(value: unknown): value is KubeObject {
  return isRecord(value) && isRecord(value["metadata"]) && typeof value["metadata"]["name"] === "string";
}

/** A Kubernetes object from the wire; items of a list get the kind that only the list carries. */
export function objectOf(value: unknown, kind?: { apiVersion: string; kind: string }): KubeObject {
  if (!isObject(value)) throw new KubeError("API server sent something that is not an object");
  return { ...kind, ...value };
}

/** What the API server answered to a list request: its items, each with the kind that only the list carries, and its version. */
export interface ObjectList {
  readonly metadata: { readonly resourceVersion?: string };
  readonly items: KubeObject[];
}

/** A list from the wire. */
export function listOf(value: unknown, { apiVersion, kind }: { apiVersion: string; kind: string }): ObjectList {
  if (!isRecord(value)) throw new KubeError("API server sent something that is not a list");
  const { metadata, items } = value;
  const version = isRecord(metadata) ? metadata["resourceVersion"] : undefined;
  return {
    metadata: typeof version === "string" ? { resourceVersion: version } : {},
    items: (Array.isArray(items) ? items : []).map((item: unknown) => objectOf(item, { apiVersion, kind })),
  };
}
