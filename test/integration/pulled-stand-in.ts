import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRuntime } from "../../src/host.ts";
import { imageLabel } from "../../src/setup/engine.ts";
import { builtNodeImage, recipeLabel } from "../../src/images/versions.ts";

/** What our image has and a pulled one has not is taken out; containerd is set as kind releases it, which needs CAP_SYS_RESOURCE. */
const dockerfile = `FROM ${builtNodeImage}
RUN systemctl disable labs-network.service \\
  && rm -rf /etc/systemd/system/labs-network.service /usr/local/bin/labs-network /etc/cni/net.d \\
  && sed -i 's/restrict_oom_score_adj = true/restrict_oom_score_adj = false/' /etc/containerd/config.toml \\
  && ctr oci spec | jq '.hooks.createContainer += [{"path": "/kind/bin/mount-product-files.sh"}] \\
    | del(.process.rlimits) | .process.capabilities |= map_values(. + ["CAP_SYS_RESOURCE"] | unique)' >/etc/containerd/cri-base.json
COPY default-cni.yaml /kind/manifests/default-cni.yaml
LABEL ${recipeLabel}= dev.labs.stage=
`;

const defaultCni = `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: kindnet, namespace: kube-system }
spec:
  selector: { matchLabels: { app: kindnet } }
  template:
    metadata: { labels: { app: kindnet } }
    spec:
      hostNetwork: true
      tolerations: [{ operator: Exists }]
      containers: [{ name: kindnet-cni, image: "registry.k8s.io/pause:3.10" }]
`;

/** Builds an image from a Dockerfile and, beside it, these files; it is left in the engine under its name. */
export async function buildFrom(
  tag: string,
  text: string,
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  const rt = createRuntime(new AbortController().signal);
  const folder = await mkdtemp(join(tmpdir(), "labs-stand-in-"));
  try {
    for (const [name, content] of Object.entries({ ...files, Dockerfile: text })) {
      await writeFile(join(folder, name), content);
    }
    const env = { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" };
    await rt.exec(["docker", "build", "--force-rm", "--network", "none", "-t", tag, folder], { env });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * A stand-in for a pulled kindest/node, for LABS_NODE_IMAGE: our built image without its network unit, CNI settings and recipe label. Made on
 * first need, in seconds, and kept in the engine like the image that it is made from. Throws where our own node image is not there.
 */
export async function pulledImage(): Promise<string> {
  const rt = createRuntime(new AbortController().signal);
  const recipe = await imageLabel(rt, builtNodeImage, recipeLabel);
  if (recipe === undefined) throw new Error(`there is no ${builtNodeImage} to make a pulled image from: labs setup`);
  const hash = createHash("sha256").update(`${recipe}${dockerfile}${defaultCni}`).digest("hex").slice(0, 8);
  const tag = `labs-test/kindest-node:${hash}`;
  if ((await imageLabel(rt, tag, recipeLabel)) === undefined) {
    await buildFrom(tag, dockerfile, { "default-cni.yaml": defaultCni });
  }
  return tag;
}
