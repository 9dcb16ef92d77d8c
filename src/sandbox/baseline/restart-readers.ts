import type { Kube } from "../../kube/kube.ts";
import type { Difference } from "./baseline.ts";

// They read their ConfigMap at start, or notice a change only after a minute.
const readers: Readonly<Record<string, string>> = { coredns: "k8s-app=kube-dns", "kube-proxy": "k8s-app=kube-proxy" };

/** Restarts the system pods whose configuration was put back. */
export async function restartReaders(kube: Kube, { changed, deleted }: Difference): Promise<void> {
  const touched = [...changed.map(({ before }) => before), ...deleted].filter(
    ({ kind, namespace }) => kind === "ConfigMap" && namespace === "kube-system",
  );
  for (const { name } of touched) {
    const labelSelector = readers[name];
    if (labelSelector === undefined) continue;
    const pods = await kube.list({ apiVersion: "v1", kind: "Pod", namespace: "kube-system", labelSelector });
    await Promise.all(
      pods.map(({ metadata }) =>
        kube.delete(
          { apiVersion: "v1", kind: "Pod", name: metadata.name, namespace: "kube-system" },
          { graceSeconds: 1 },
        ),
      ),
    );
  }
}
