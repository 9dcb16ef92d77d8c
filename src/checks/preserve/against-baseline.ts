import type { Kube, KubeObject } from "../../kube/kube.ts";
import type { BaselineEntry } from "../../sandbox/baseline/baseline.ts";
import { sameJson } from "../../sandbox/baseline/canonical.ts";
import { comparedKinds } from "../../sandbox/baseline/compared-kinds.ts";
import { loadBaseline } from "../../sandbox/baseline/store.ts";
import type { CheckContext } from "../check.ts";
import { hasCluster } from "../../sandbox/capabilities.ts";

async function entryProblems(kube: Kube, entry: BaselineEntry): Promise<string[]> {
  const { apiVersion, kind, name, namespace } = entry;
  const text = `${kind.toLowerCase()}/${name}${namespace === undefined ? "" : ` in ${namespace}`}`;
  const live = await kube.get({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) });
  if (live === undefined) return [`${text} is gone`];
  const compared = comparedKinds.find((one) => one.apiVersion === apiVersion && one.kind === kind);
  const same = compared === undefined || sameJson(compared.pick(live) ?? {}, entry.fields);
  return same ? [] : [`${text} is not as it was before the lab`];
}

/**
 * What of the cluster itself is not as it was before the lab. Objects that the lab brought are its own matter: the reference knows them. A
 * cluster that remembers no baseline was never handed over, so there is nothing to compare with.
 */
export async function baselineProblems(
  { rt, sandbox }: Pick<CheckContext, "rt" | "sandbox">,
  reference: readonly KubeObject[],
  wanted: (entry: BaselineEntry) => boolean,
): Promise<string[]> {
  if (!hasCluster(sandbox)) return [];
  const baseline = await loadBaseline(rt, sandbox);
  const ofLab = (entry: BaselineEntry) =>
    reference.some(
      ({ kind, metadata }) =>
        kind === entry.kind && metadata.name === entry.name && metadata.namespace === entry.namespace,
    );
  const entries = (baseline?.entries ?? []).filter((entry) => wanted(entry) && !ofLab(entry));
  return (await Promise.all(entries.map((entry) => entryProblems(sandbox.kube, entry)))).flat();
}

const dnsNames: ReadonlySet<string> = new Set(["coredns", "kube-dns"]);

/** The cluster's DNS: its Deployment, configuration and Service. */
export function isDns({ kind, name, namespace }: BaselineEntry): boolean {
  return namespace === "kube-system" && dnsNames.has(name) && ["Deployment", "ConfigMap", "Service"].includes(kind);
}
