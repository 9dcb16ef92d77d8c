import type { Kube, KubeObject } from "../../kube/kube.ts";

const namespace = "kube-system";

/** A Corefile without its `forward` blocks: names that are not the cluster's own do not resolve. */
export function withoutForward(corefile: string): string {
  // Whole blocks first: `forward . x { ... }`, then one-line forms.
  return corefile
    .replace(/^[ \t]*forward\b[^\n{}]*\{[^}]*\}[ \t]*\n?/gm, "")
    .replace(/^[ \t]*forward\b[^\n{}]*\n?/gm, "");
}

function corefileOf(map: KubeObject | undefined): string | undefined {
  const data = map?.["data"];
  if (typeof data !== "object" || data === null || !("Corefile" in data)) return undefined;
  return typeof data.Corefile === "string" ? data.Corefile : undefined;
}

/** Takes `forward` out of CoreDNS and lets its pods start again with it; true when something had to be changed. */
export async function closeDns(kube: Kube): Promise<boolean> {
  const ref = { apiVersion: "v1", kind: "ConfigMap", name: "coredns", namespace };
  const corefile = corefileOf(await kube.get(ref));
  if (corefile === undefined) return false;
  const closed = withoutForward(corefile);
  if (closed === corefile) return false;
  await kube.patch(ref, { data: { Corefile: closed } }, "merge");
  // CoreDNS would notice by itself, after up to a minute.
  const pods = await kube.list({ apiVersion: "v1", kind: "Pod", namespace, labelSelector: "k8s-app=kube-dns" });
  const started = pods.filter(({ status }) => typeof status === "object" && status !== null && "podIP" in status);
  await Promise.all(
    started.map(({ metadata: { name } }) =>
      kube.delete({ apiVersion: "v1", kind: "Pod", name, namespace }, { graceSeconds: 1 }),
    ),
  );
  return true;
}
