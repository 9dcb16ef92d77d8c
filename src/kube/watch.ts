import {
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  ListWatch,
  Watch,
} from "@kubernetes/client-node";
import { type Clock, startTimer } from "../lib/clock.ts";
import { poll } from "../lib/poll.ts";
import { KubeError } from "./kube-error.ts";
import type { WatchEvent } from "./kube.ts";
import { KubeAccess } from "./kubeconfig.ts";
import { type ObjectList, objectOf } from "./response.ts";

/** What to watch: a collection, how to list it, and which part of it. */
export interface WatchSource {
  readonly path: string;
  list(): Promise<ObjectList>;
  readonly kind: { readonly apiVersion: string; readonly kind: string };
  readonly labelSelector: string | undefined;
  readonly fieldSelector: string | undefined;
}

/** Refusals that no new try will change. */
const final = new Set([400, 401, 403, 404, 405]);
const RECONNECT_EVERY_MS = 250;
// The server ends a watch after this long, so that a connection that died silently is noticed.
const WATCH_SECONDS = 60;

/** The library can end a watch only once the server has answered, and never does so by itself. */
class EndingWatch extends Watch {
  readonly #stop: AbortSignal;

  constructor(config: KubeConfig, stop: AbortSignal) {
    super(config);
    this.#stop = stop;
  }

  override async watch(...[path, query, onEvent, done]: Parameters<Watch["watch"]>): Promise<AbortController> {
    if (this.#stop.aborted) return new AbortController();
    const access = new KubeAccess(this.config);
    const end = (): void => access.end();
    const stopTimer = startTimer((WATCH_SECONDS + 10) * 1000, end);
    this.#stop.addEventListener("abort", end, { once: true });
    const settle = (error: unknown): void => {
      stopTimer();
      this.#stop.removeEventListener("abort", end);
      done(error);
    };
    return new Watch(access).watch(
      path,
      { ...query, allowWatchBookmarks: true, timeoutSeconds: WATCH_SECONDS },
      onEvent,
      settle,
    );
  }
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof KubeError) return error.status;
  const code = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  return typeof code === "number" ? code : undefined;
}

/** The library declares times as Dates; what it is given here it only passes on. */
function isLibraryList(list: object): list is KubernetesListObject<KubernetesObject> {
  return "items" in list && "metadata" in list;
}

async function libraryList(source: WatchSource): Promise<KubernetesListObject<KubernetesObject>> {
  const list = await source.list();
  if (!isLibraryList(list)) throw new KubeError(`API server sent no list for ${source.path}`);
  return list;
}

/** Follows the library's informer and starts it again when it gives up. After a gap it reports only what differs. */
export async function watchObjects(
  config: KubeConfig,
  source: WatchSource,
  onEvent: (event: WatchEvent) => void,
  time: { clock: Clock; signal: AbortSignal },
): Promise<void> {
  const { path, kind, labelSelector, fieldSelector } = source;
  const over = new AbortController();
  const signal = AbortSignal.any([time.signal, over.signal]);
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
    over.abort();
  };
  const watch = new EndingWatch(config, signal);
  const informer = new ListWatch(path, watch, () => libraryList(source), false, labelSelector, fieldSelector);
  const tell =
    (type: WatchEvent["type"]) =>
    (wire: KubernetesObject): void => {
      if (signal.aborted) return;
      try {
        onEvent({ type, object: objectOf(wire, kind) });
      } catch (error) {
        fail(error);
      }
    };
  let broken: ((error?: unknown) => void) | undefined;
  informer.on("add", tell("ADDED"));
  informer.on("update", tell("MODIFIED"));
  informer.on("delete", tell("DELETED"));
  informer.on("error", (error) => broken?.(error));
  signal.addEventListener("abort", () => broken?.(), { once: true });

  const follow = async (): Promise<{ done: false; seen: string }> => {
    const error = await new Promise<unknown>((resolve) => {
      broken = resolve;
      informer.start().catch(resolve);
    });
    const status = statusOf(error);
    if (status !== undefined && final.has(status)) {
      fail(error instanceof KubeError ? error : new KubeError(`the watch of ${path} was refused`, { status }));
    }
    return { done: false, seen: "watching" };
  };
  try {
    await poll(follow, { clock: time.clock, signal, withinMs: Number.POSITIVE_INFINITY, everyMs: RECONNECT_EVERY_MS });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  await informer.stop();
  if (failure !== undefined) throw failure;
}
