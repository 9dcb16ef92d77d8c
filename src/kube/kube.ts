/** Any Kubernetes object, as the API server speaks of it. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: KubeMetadata;
  [field: string]: unknown;
}

/** The part of metadata that this program reads. */
export interface KubeMetadata {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean }[];
  finalizers?: string[];
  [field: string]: unknown;
}

/** Names one object. Without apiVersion the kind is looked up by discovery (preferred version). */
export interface ObjectRef {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** Names a set of objects; without namespace: all namespaces. */
export interface ListQuery {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** One resource of the API server, from discovery. */
export interface ApiResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** An HTTP answer, whatever its status. `body` is parsed JSON where the text is JSON. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  readonly body: unknown;
}

/** Options of a raw request. Default time limit 10 s. */
export interface RequestOptions {
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Which log to read; bounded by `tailLines` (default 200) and 1 MiB. */
export interface LogQuery {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  readonly previous?: boolean;
  readonly sinceTime?: string;
  readonly tailLines?: number;
}

/** One change seen by a watch. */
export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
}

/**
 * A cluster, always by an explicit kubeconfig. Every call throws a KubeError (src/kube/kube-error.ts): with `status` when the API server
 * refused, with `unreachable: true` when it did not answer within the time limit.
 */
export interface Kube {
  readonly kubeconfig: string;
  /** True when /readyz answers 200. Never throws. */
  ready(timeoutMs?: number): Promise<boolean>;
  /** The time on the API server's clock, in ms since the epoch, cut to whole seconds. */
  time(): Promise<number>;
  /** All resources of all groups; cached until `forget`. */
  resources(): Promise<readonly ApiResource[]>;
  /** Drop the cached discovery (a CRD came or went). */
  forget(): void;
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  list(query: ListQuery): Promise<KubeObject[]>;
  create(object: KubeObject): Promise<KubeObject>;
  /** Create, or replace what is there. Sets kubectl's last-applied annotation, so that edit and apply work later. */
  apply(object: KubeObject): Promise<KubeObject>;
  /** `subresource`: for example "scale" or "status". */
  patch(
    ref: ObjectRef,
    patch: unknown,
    type: "merge" | "strategic" | "json",
    subresource?: string,
  ): Promise<KubeObject>;
  /** False when there was nothing to delete. */
  delete(
    ref: ObjectRef,
    options?: { graceSeconds?: number; propagation?: "Background" | "Foreground" | "Orphan"; uid?: string },
  ): Promise<boolean>;
  logs(query: LogQuery): Promise<string>;
  /** Reports what exists now as ADDED, then every change, until the signal is aborted. Reconnects by itself. */
  watch(query: ListQuery, onEvent: (event: WatchEvent) => void, signal: AbortSignal): Promise<void>;
  /** A raw request to the API server; returns every status. */
  request(method: string, path: string, options?: RequestOptions): Promise<HttpAnswer>;
  /** The same API server, as another identity (a bearer token). Closed with this one. */
  withToken(token: string): Kube;
  /**
   * Ends the connections that are kept, so that they keep no process alive. Every flow does this at its end; a later call makes new ones. Never
   * throws.
   */
  close(): Promise<void>;
}
