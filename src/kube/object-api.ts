import {
  createConfiguration,
  KubernetesObjectApi,
  ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
  type KubernetesObject,
} from "@kubernetes/client-node";
import { ObjectSerializer } from "@kubernetes/client-node/dist/serializer.js";
import type { Discovery } from "./discovery.ts";
import { KubeError } from "./kube-error.ts";
import type { ApiResource } from "./kube.ts";
import type { KubeAccess } from "./kubeconfig.ts";
import { collectionPath, objectPath } from "./paths.ts";
import { responseError } from "./response.ts";
import { exchange } from "./wire.ts";

const asItIs = new Set<string>();

function same(data: unknown): unknown {
  return data;
}

// The library's models drop fields that are newer than itself and turn times into Dates.
function passAsItIs({ apiVersion, kind }: ApiResource): void {
  const [version = "", group = ""] = apiVersion.split("/").toReversed();
  for (const one of [kind, `${kind}List`]) {
    const key = `${apiVersion} ${one}`;
    if (asItIs.has(key)) continue;
    asItIs.add(key);
    ObjectSerializer.registerModel({ group, version, kind: one }, { serialize: same, deserialize: same });
  }
}

class ObjectApi extends KubernetesObjectApi {
  readonly #discovery: Discovery;

  constructor(access: KubeAccess, discovery: Discovery, timeoutMs: number) {
    const httpApi = wrapHttpLibrary({
      async send(context) {
        const { status, text } = await exchange(access, context, { timeoutMs });
        const call = `${context.getHttpMethod()} ${new URL(context.getUrl()).pathname}`;
        if (status < 200 || status > 299) throw responseError(status, text, call);
        if (!text.startsWith("{")) throw new KubeError(`API server sent no object for ${call}`);
        const body = { text: async () => text, binary: async () => Buffer.from(text) };
        return new ResponseContext(status, { "content-type": "application/json" }, body);
      },
    });
    const baseServer = new ServerConfiguration(access.getCurrentCluster()?.server ?? "", {});
    super(createConfiguration({ baseServer, httpApi }));
    this.#discovery = discovery;
  }

  // The library would ask for every group on its own, and spells all names in lower case.
  protected override async specUriPath({ apiVersion, kind, metadata }: KubernetesObject, action: string) {
    const resource = await this.#discovery.find(kind ?? "", apiVersion);
    passAsItIs(resource);
    const { name = "", namespace } = metadata ?? {};
    if (action === "list") return collectionPath(resource, namespace);
    if (action === "create") return collectionPath(resource, namespace ?? "default");
    return objectPath(resource, { name, ...(namespace === undefined ? {} : { namespace }) });
  }
}

/** The library's client for objects of every kind, with our discovery, errors and time limit. */
export function createObjectApi(access: KubeAccess, discovery: Discovery, timeoutMs: number): KubernetesObjectApi {
  return new ObjectApi(access, discovery, timeoutMs);
}

/** An object as the library declares it: times in it stay text, whatever the declaration says. */
export function libraryObject(object: object): KubernetesObject {
  if (!isLibraryObject(object)) throw new KubeError("something that is no Kubernetes object was to be sent");
  return object;
}

function isLibraryObject(object: object): object is KubernetesObject {
  return "kind" in object && "metadata" in object;
}
