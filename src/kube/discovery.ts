import { z } from "zod";
import { KubeError } from "./kube-error.ts";
import type { ApiResource } from "./kube.ts";
import type { KubeAccess } from "./kubeconfig.ts";
import { jsonOf, responseError } from "./response.ts";
import { send } from "./wire.ts";

// Not by the library, which asks for each group on its own. One request for core and one for all groups; groups whose server is down come as stale and break nothing.
const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

const discoveryList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string().optional() }).optional(),
      versions: z
        .array(
          z.object({
            version: z.string(),
            resources: z
              .array(
                z.object({
                  resource: z.string(),
                  responseKind: z.object({ kind: z.string() }).optional(),
                  scope: z.enum(["Namespaced", "Cluster"]),
                  verbs: z.array(z.string()).optional(),
                }),
              )
              .optional(),
          }),
        )
        .optional(),
    }),
  ),
});

/** Turns one aggregated discovery document into resources, in the API server's order of preference. */
export function parseDiscovery(text: string): ApiResource[] {
  const result = discoveryList.safeParse(jsonOf(text));
  if (!result.success) throw new KubeError(`API server sent unknown discovery: ${z.prettifyError(result.error)}`);
  return result.data.items.flatMap((item) =>
    (item.versions ?? []).flatMap((version) =>
      (version.resources ?? []).map((resource) => ({
        apiVersion:
          item.metadata?.name === undefined || item.metadata.name === ""
            ? version.version
            : `${item.metadata.name}/${version.version}`,
        kind: resource.responseKind?.kind ?? "",
        plural: resource.resource,
        namespaced: resource.scope === "Namespaced",
        verbs: resource.verbs ?? [],
      })),
    ),
  );
}

/** Resources by kind, cached until `forget`. */
export interface Discovery {
  all(): Promise<readonly ApiResource[]>;
  /** Asks again once when the kind is unknown: a CRD may have come. */
  find(kind: string, apiVersion?: string): Promise<ApiResource>;
  forget(): void;
}

function pick(resources: readonly ApiResource[], kind: string, apiVersion?: string): ApiResource | undefined {
  const lower = kind.toLowerCase();
  const inVersion = apiVersion === undefined ? resources : resources.filter((one) => one.apiVersion === apiVersion);
  return (
    inVersion.find((one) => one.kind === kind) ??
    inVersion.find((one) => one.kind.toLowerCase() === lower || one.plural === lower)
  );
}

/** Discovery by one identity. */
export function createDiscovery(access: KubeAccess): Discovery {
  let cached: Promise<readonly ApiResource[]> | undefined;

  async function read(path: string): Promise<ApiResource[]> {
    const { status, text } = await send(access, { method: "GET", path, headers: { accept: AGGREGATED } });
    if (status !== 200) throw responseError(status, text, `GET ${path}`);
    return parseDiscovery(text);
  }
  async function load(): Promise<readonly ApiResource[]> {
    return (await Promise.all([read("/api"), read("/apis")])).flat();
  }
  const all = (): Promise<readonly ApiResource[]> => {
    const loading = (cached ??= load());
    loading.catch(() => {
      if (cached === loading) cached = undefined;
    });
    return loading;
  };
  const forget = (): void => {
    cached = undefined;
  };
  return {
    all,
    forget,
    async find(kind, apiVersion) {
      const known = pick(await all(), kind, apiVersion);
      if (known !== undefined) return known;
      forget();
      const fresh = pick(await all(), kind, apiVersion);
      if (fresh !== undefined) return fresh;
      const what = apiVersion === undefined ? kind : `${kind} in ${apiVersion}`;
      throw new KubeError(`the API server knows no kind ${what}`, { status: 404, reason: "NoKindMatch" });
    },
  };
}
