import type { Clock } from "../runtime.ts";
import { systemClock } from "../system-clock.ts";
import { applyObject } from "./apply.ts";
import { createDiscovery, type Discovery } from "./discovery.ts";
import { KubeError } from "./kube-error.ts";
import type { Kube, KubeObject, ListQuery, RequestOptions } from "./kube.ts";
import { readKubeconfig, type KubeAccess } from "./kubeconfig.ts";
import { collectionPath, objectPath, withQuery } from "./paths.ts";
import { jsonOf, listOf, objectOf, responseError } from "./response.ts";
import { createTransport, type Transport, type WireRequest } from "./transport.ts";
import { watchObjects } from "./watch.ts";

/** What a client may be given: a clock for its own waits, a signal that ends every call. */
export interface ConnectOptions {
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

const LOG_BYTES = 1024 * 1024;
const LIST_TIMEOUT_MS = 15_000;
// The server ends a watch after this long, so that a connection that died silently is noticed.
const WATCH_SECONDS = 60;
const patchTypes = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
} as const;
// Without client-node: importing even its config part takes 0.45 s, as long as a whole command may.
/** Connects to the cluster of a kubeconfig file; nothing is sent yet. */
export async function connectKube(kubeconfig: string, options: ConnectOptions = {}): Promise<Kube> {
  const access = await readKubeconfig(kubeconfig);
  const transport = createTransport(access);
  return createKube(kubeconfig, access, transport, createDiscovery(transport), options);
}

function createKube(
  kubeconfig: string,
  access: KubeAccess,
  transport: Transport,
  discovery: Discovery,
  options: ConnectOptions,
): Kube {
  const { clock = systemClock, signal } = options;
  const time = { clock, signal: signal ?? new AbortController().signal };

  async function send(request: WireRequest): Promise<string> {
    const { status, text } = await transport.send({ ...(signal === undefined ? {} : { signal }), ...request });
    if (status >= 200 && status < 300) return text;
    throw responseError(status, text, request);
  }
  async function write(method: string, path: string, body: unknown, contentType = "application/json") {
    const headers = { "content-type": contentType };
    return objectOf(jsonOf(await send({ method, path, headers, body: JSON.stringify(body) })));
  }
  async function listRaw(query: ListQuery) {
    const resource = await discovery.find(query.kind, query.apiVersion);
    const { labelSelector, fieldSelector } = query;
    const path = withQuery(collectionPath(resource, query.namespace), { labelSelector, fieldSelector });
    return listOf(await send({ method: "GET", path, timeoutMs: LIST_TIMEOUT_MS }), resource);
  }
  async function replace(object: KubeObject): Promise<KubeObject> {
    const resource = await discovery.find(object.kind, object.apiVersion);
    return write("PUT", objectPath(resource, object.metadata), object);
  }

  const kube: Kube = {
    kubeconfig,
    async ready(timeoutMs = 5000) {
      try {
        return (await transport.send({ method: "GET", path: "/readyz", timeoutMs })).status === 200;
      } catch {
        return false;
      }
    },
    resources: () => discovery.all(),
    forget: () => discovery.forget(),
    async get(ref) {
      const resource = await discovery.find(ref.kind, ref.apiVersion);
      try {
        return objectOf(jsonOf(await send({ method: "GET", path: objectPath(resource, ref) })));
      } catch (error) {
        if (error instanceof KubeError && error.status === 404) return undefined;
        throw error;
      }
    },
    list: async (query) => (await listRaw(query)).items,
    async create(object) {
      const resource = await discovery.find(object.kind, object.apiVersion);
      return write("POST", collectionPath(resource, object.metadata.namespace ?? "default"), object);
    },
    apply: (object) => applyObject({ ...kube, replace }, object, time),
    async patch(ref, patch, type, subresource) {
      const resource = await discovery.find(ref.kind, ref.apiVersion);
      const path = `${objectPath(resource, ref)}${subresource === undefined ? "" : `/${subresource}`}`;
      return write("PATCH", path, patch, patchTypes[type]);
    },
    async delete(ref, { graceSeconds, propagation, uid } = {}) {
      const resource = await discovery.find(ref.kind, ref.apiVersion);
      const body = JSON.stringify({
        apiVersion: "v1",
        kind: "DeleteOptions",
        ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
        ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      });
      try {
        await send({
          method: "DELETE",
          path: objectPath(resource, ref),
          headers: { "content-type": "application/json" },
          body,
        });
        return true;
      } catch (error) {
        // With a uid, a conflict means that another object has taken the name.
        const gone =
          error instanceof KubeError && (error.status === 404 || (uid !== undefined && error.status === 409));
        if (gone) return false;
        throw error;
      }
    },
    logs({ namespace, pod, container, previous, sinceTime, tailLines = 200 }) {
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
      const query = { container, previous, sinceTime, tailLines, limitBytes: LOG_BYTES };
      return send({ method: "GET", path: withQuery(path, query) });
    },
    async watch(query, onEvent, until) {
      const resource = await discovery.find(query.kind, query.apiVersion);
      const { labelSelector, fieldSelector } = query;
      const stop = signal === undefined ? until : AbortSignal.any([until, signal]);
      const stream = (resourceVersion: string, onLine: (line: string) => void): Promise<void> => {
        const path = withQuery(collectionPath(resource, query.namespace), {
          watch: true,
          allowWatchBookmarks: true,
          timeoutSeconds: WATCH_SECONDS,
          resourceVersion,
          labelSelector,
          fieldSelector,
        });
        return transport.lines({ method: "GET", path, timeoutMs: (WATCH_SECONDS + 10) * 1000, signal: stop }, onLine);
      };
      await watchObjects({ list: () => listRaw(query), stream }, onEvent, { clock, signal: stop });
    },
    async request(method, path, wire: RequestOptions = {}) {
      const { body, contentType = "application/json", headers, timeoutMs, signal: own = signal } = wire;
      const answer = await transport.send({
        method,
        path,
        headers: { ...(body === undefined ? {} : { "content-type": contentType }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(own === undefined ? {} : { signal: own }),
      });
      return { ...answer, body: jsonOf(answer.text) };
    },
    withToken(token) {
      const { cert: _cert, key: _key, ...shared } = access;
      const other = { ...shared, token };
      // Discovery stays with the first identity: it needs no rights of the second.
      return createKube(kubeconfig, other, createTransport(other), discovery, options);
    },
  };
  return kube;
}
