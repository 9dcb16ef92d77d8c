import type { Scope } from "./scope.ts";
import type { ApiResource, Kube, KubeObject } from "../kube/kube.ts";
import { clusterOf, containersOf } from "../sandbox/capabilities.ts";
import type { DockerSandbox } from "../sandbox/sandbox.ts";

/** Which objects a check looks at. */
export interface ObjectQuery {
  readonly kind: string;
  readonly apiVersion?: string | undefined;
  readonly name?: string | undefined;
  readonly selector?: string | undefined;
  /** Ignored for kinds without namespaces. */
  readonly namespace: string;
}

/** The resource of a kind by discovery; looked up afresh when it is not known, for a CRD may just have come. */
export async function findResource(kube: Kube, kind: string, apiVersion?: string): Promise<ApiResource | undefined> {
  const find = async () =>
    (await kube.resources()).find(
      (one) => one.kind === kind && (apiVersion === undefined || one.apiVersion === apiVersion),
    );
  const known = await find();
  if (known !== undefined) return known;
  kube.forget();
  return find();
}

/** The objects of a query, terminating ones too. None when the API server does not know the kind: then there is none of it. */
export async function readObjects(kube: Kube, query: ObjectQuery): Promise<KubeObject[]> {
  const { kind, apiVersion, name, selector } = query;
  const resource = await findResource(kube, kind, apiVersion);
  if (resource === undefined) return [];
  const where = {
    ...(apiVersion === undefined ? {} : { apiVersion }),
    kind,
    ...(resource.namespaced ? { namespace: query.namespace } : {}),
  };
  if (name === undefined) return kube.list(selector === undefined ? where : { ...where, labelSelector: selector });
  const object = await kube.get({ ...where, name });
  return object === undefined ? [] : [object];
}

/** `deployment/payments`, `pod app=x`: the objects of a query in a message. */
export function queryText({ kind, name, selector }: ObjectQuery): string {
  return `${kind.toLowerCase()}${name === undefined ? (selector === undefined ? "" : ` ${selector}`) : `/${name}`}`;
}

/** `deployment/payments`: one object in a message. */
export function objectText(object: KubeObject): string {
  return `${object.kind.toLowerCase()}/${object.metadata.name}`;
}

/** The command that shows the objects of a query. */
export function lookAtQuery(
  { kind, name, selector, namespace }: ObjectQuery,
  verb: "get" | "describe" = "get",
): string {
  const which = name ?? (selector === undefined ? "" : `-l '${selector}'`);
  const how = verb === "get" ? " -o yaml" : "";
  return `kubectl -n ${namespace} ${verb} ${kind.toLowerCase()} ${which}`.trimEnd() + how;
}

/** The API server of what is looked at; throws an error of the environment where there is none. */
export function kubeOf({ sandbox }: Pick<Scope, "sandbox">): Kube {
  return clusterOf(sandbox).kube;
}

/** The containers of what is looked at; throws an error of the environment where there are none. */
export function dockerOf({ sandbox }: Pick<Scope, "sandbox">): DockerSandbox {
  return containersOf(sandbox);
}
