import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "./kube.ts";

// Written by controllers and the API server, or by whoever applied the object.
const ignored: ReadonlySet<string> = new Set(["metadata", "status", "apiVersion", "kind"]);

// Controllers fill these in later: a Service's addresses, a claim's volume, a ServiceAccount's pull secrets.
const filledIn: ReadonlySet<string> = new Set(["secrets", "imagePullSecrets"]);

// A restart leaves this in the template, and changes nothing else.
const restartedAt = "kubectl.kubernetes.io/restartedAt";

function differs(before: unknown, now: unknown, path: string): string | undefined {
  if (Array.isArray(before)) {
    if (!Array.isArray(now) || now.length !== before.length) return path;
    return before
      .map((item: unknown, index) => differs(item, now[index], `${path}[${index}]`))
      .find((one) => one !== undefined);
  }
  if (typeof before !== "object" || before === null)
    return isDeepStrictEqual(before ?? null, now ?? null) ? undefined : path;
  const fields: readonly [string, unknown][] = Object.entries(before);
  return fields
    .filter(([key]) => key !== restartedAt)
    .map(([key, value]) =>
      differs(value, now === null || typeof now !== "object" ? undefined : Reflect.get(now, key), `${path}.${key}`),
    )
    .find((one) => one !== undefined);
}

function body(object: KubeObject): Record<string, unknown> {
  const fields = Object.entries(object).filter(([key]) => !ignored.has(key) && !filledIn.has(key));
  return { ...Object.fromEntries(fields), labels: object.metadata.labels ?? {} };
}

/**
 * The path of the first field in which a live object differs from the reference; undefined where it is the same. What only the API server
 * and controllers write does not count. A reference that was read from a manifest lacks the defaults, so there extra fields do not count
 * either.
 */
export function firstDifference(reference: KubeObject, live: KubeObject): string | undefined {
  const [before, now] = [body(reference), body(live)];
  const lost = differs(before, now, "");
  const wasLive = reference.metadata.uid !== undefined;
  return (lost ?? (wasLive ? differs(now, before, "") : undefined))?.replace(/^\./, "");
}
