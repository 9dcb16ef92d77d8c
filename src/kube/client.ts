import { systemClock } from "../lib/clock.ts";
import { applyObject } from "./apply.ts";
import { createDiscovery, type Discovery } from "./discovery.ts";
import { KubeError } from "./kube-error.ts";
import type { ApiResource, Kube, KubeObject, ListQuery } from "./kube.ts";
import { asBearer, readKubeconfig, type KubeAccess } from "./kubeconfig.ts";
import { collectionPath, objectPath, withQuery } from "./paths.ts";
import { jsonOf, listOf, objectOf, responseError } from "./response.ts";
import { watchObjects } from "./watch.ts";
import { send, type WireRequest } from "./wire.ts";

const LOG_BYTES = 1024 * 1024;
const LIST_TIMEOUT_MS = 15_000;
const patchTypes = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
} as const;

/** Connects to the cluster of a kubeconfig file; nothing is sent yet. */
export async function connectKube(kubeconfig: string): Promise<Kube> {
  const access = readKubeconfig(kubeconfig);
  return createKube(kubeconfig, access, createDiscovery(access));
}

function createKube(kubeconfig: string, access: KubeAccess, discovery: Discovery): Kube {
  /** The same server as other identities, with connections of their own. */
  const others: Kube[] = [];

  async function sendOk(request: WireRequest): Promise<string> {
    const { status, text } = await send(access, request);
    if (status >= 200 && status < 300) return text;
    throw responseError(status, text, `${request.method} ${request.path}`);
  }
  async function sendObject(method: string, path: string, body: unknown, contentType = "application/json") {
    const headers = { "content-type": contentType };
    return objectOf(jsonOf(await sendOk({ method, path, headers, body: JSON.stringify(body) })));
  }
  async function listRaw({ namespace, labelSelector, fieldSelector }: ListQuery, resource: ApiResource) {
    const path = withQuery(collectionPath(resource, namespace), { fieldSelector, labelSelector });
    return listOf(jsonOf(await sendOk({ method: "GET", path, timeoutMs: LIST_TIMEOUT_MS })), resource);
  }
  async function replace(object: KubeObject): Promise<KubeObject> {
    const resource = await discovery.find(object.kind, object.apiVersion);
    return sendObject("PUT", objectPath(resource, object.metadata), object);
  }

  const kube: Kube = {
    kubeconfig,
    async ready(timeoutMs = 5000) {
      try {
        return (await send(access, { method: "GET", path: "/readyz", timeoutMs })).status === 200;
      } catch {
        return false;
      }
    },
    async time() {
      const { date } = await send(access, { method: "GET", path: "/version" });
      const time = Date.parse(date);
      if (Number.isNaN(time)) throw new KubeError("API server did not say what time it is");
      return time;
    },
    resources: () => discovery.all(),
    forget: () => discovery.forget(),
    async get(ref) {
      const resource = await discovery.find(ref.kind, ref.apiVersion);
      try {
        return objectOf(jsonOf(await sendOk({ method: "GET", path: objectPath(resource, ref) })));
      } catch (error) {
        if (error instanceof KubeError && error.status === 404) return undefined;
        throw error;
      }
    },
    async list(query) {
      return (await listRaw(query, await discovery.find(query.kind, query.apiVersion))).items;
    },
    async create(object) {
      const resource = await discovery.find(object.kind, object.apiVersion);
      return sendObject("POST", collectionPath(resource, object.metadata.namespace ?? "default"), object);
    },
    apply: (object) =>
      applyObject({ ...kube, replace }, object, { clock: systemClock, signal: new AbortController().signal }),
    async patch(ref, patch, type, subresource) {
      const resource = await discovery.find(ref.kind, ref.apiVersion);
      const path = `${objectPath(resource, ref)}${subresource === undefined ? "" : `/${subresource}`}`;
      return sendObject("PATCH", path, patch, patchTypes[type]);
    },
    async delete(ref, { graceSeconds, propagation, uid } = {}) {
      const resource = await discovery.find(ref.kind, ref.apiVersion);
      const options = {
        ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
        ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      };
      const headers = { "content-type": "application/json" };
      try {
        await sendOk({ method: "DELETE", path: objectPath(resource, ref), headers, body: JSON.stringify(options) });
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
      return sendOk({ method: "GET", path: withQuery(path, query) });
    },
    async watch(query, onEvent, signal) {
      const resource = await discovery.find(query.kind, query.apiVersion);
      const { apiVersion, kind } = resource;
      const source = {
        path: collectionPath(resource, query.namespace),
        kind: { apiVersion, kind },
        list: () => listRaw(query, resource),
        labelSelector: query.labelSelector,
        fieldSelector: query.fieldSelector,
      };
      await watchObjects(access, source, onEvent, { clock: systemClock, signal });
    },
    async request(method, path, { body, contentType = "application/json", headers, ...limits } = {}) {
      const { status, text } = await send(access, {
        method,
        path,
        headers: { ...(body === undefined ? {} : { "content-type": contentType }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
        ...limits,
      });
      return { status, text, body: jsonOf(text) };
    },
    // Discovery stays with the first identity: it needs no rights of the second.
    withToken: (token) => {
      const bearer = createKube(kubeconfig, asBearer(access, token), discovery);
      others.push(bearer);
      return bearer;
    },
    async close() {
      await Promise.allSettled([access.close(), ...others.splice(0).map((other) => other.close())]);
    },
  };
  return kube;
}
