import { LabsError } from "../errors.ts";
import { poll } from "../poll.ts";
import type { Clock } from "../runtime.ts";
import { KubeError } from "./kube-error.ts";
import type { KubeObject, WatchEvent } from "./kube.ts";
import { jsonOf, objectOf } from "./response.ts";

/** How a watch reaches the API server. `stream` ends when the server closes it, and throws a KubeError. */
export interface WatchSource {
  list(): Promise<{ items: KubeObject[]; resourceVersion: string }>;
  stream(resourceVersion: string, onLine: (line: string) => void): Promise<void>;
}

/** Refusals that no new try will change. */
const final = new Set([400, 401, 403, 404, 405]);
const RECONNECT_EVERY_MS = 250;

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function wireEvent(line: string): { type: string; object: unknown; code: unknown } {
  const parsed = jsonOf(line);
  if (typeof parsed !== "object" || parsed === null || !("type" in parsed) || !("object" in parsed)) {
    throw new KubeError("API server sent a watch event that is none");
  }
  const { object } = parsed;
  const code = typeof object === "object" && object !== null && "code" in object ? object.code : undefined;
  return { type: String(parsed.type), object, code };
}

/** The loop behind Kube.watch: list, follow, reconnect; after a gap, list again and report only what differs. */
export async function watchObjects(
  source: WatchSource,
  onEvent: (event: WatchEvent) => void,
  time: { clock: Clock; signal: AbortSignal },
): Promise<void> {
  const known = new Map<string, KubeObject>();
  let version: string | undefined;

  async function relist(): Promise<string> {
    const { items, resourceVersion } = await source.list();
    const now = new Set(items.map(keyOf));
    for (const [key, object] of known) {
      if (now.has(key)) continue;
      known.delete(key);
      onEvent({ type: "DELETED", object });
    }
    for (const object of items) {
      const before = known.get(keyOf(object));
      known.set(keyOf(object), object);
      if (before === undefined || before.metadata.uid !== object.metadata.uid) onEvent({ type: "ADDED", object });
      else if (before.metadata.resourceVersion !== object.metadata.resourceVersion) {
        onEvent({ type: "MODIFIED", object });
      }
    }
    return resourceVersion;
  }

  function take(line: string): void {
    const { type, object: wire, code } = wireEvent(line);
    if (type === "ERROR") throw new KubeError("the watch was ended by the API server", { status: Number(code) });
    if (type === "BOOKMARK") {
      version = versionOf(wire) ?? version;
      return;
    }
    const object = objectOf(wire);
    version = object.metadata.resourceVersion ?? version;
    if (type === "DELETED") known.delete(keyOf(object));
    else known.set(keyOf(object), object);
    if (type === "ADDED" || type === "MODIFIED" || type === "DELETED") onEvent({ type, object });
  }

  async function follow(): Promise<{ done: false; seen: string }> {
    try {
      version ??= await relist();
      await source.stream(version, take);
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      // 410: the version is too old to go on from.
      if (error.status === 410) version = undefined;
      else if (error.status !== undefined && final.has(error.status)) throw error;
    }
    return { done: false, seen: "watching" };
  }

  let failure: unknown;
  const look = async (): Promise<{ done: true; value: true } | { done: false; seen: string }> => {
    try {
      return await follow();
    } catch (error) {
      failure = error;
      return { done: true, value: true };
    }
  };
  try {
    await poll(look, { ...time, withinMs: Number.POSITIVE_INFINITY, everyMs: RECONNECT_EVERY_MS });
  } catch (error) {
    if (!time.signal.aborted) throw error;
  }
  if (failure !== undefined && !(failure instanceof LabsError && time.signal.aborted)) throw failure;
}

function versionOf(wire: unknown): string | undefined {
  if (typeof wire !== "object" || wire === null || !("metadata" in wire)) return undefined;
  const { metadata } = wire;
  if (typeof metadata !== "object" || metadata === null || !("resourceVersion" in metadata)) return undefined;
  return String(metadata.resourceVersion);
}
