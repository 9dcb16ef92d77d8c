import { readFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import { z } from "zod";
import type { Runtime } from "../../runtime.ts";
import { writePrivate } from "../../session/store.ts";
import type { ApiAddress } from "./api-contact.ts";
import { clusterKubeconfig } from "./sandbox-files.ts";

const adminConfig = z.looseObject({
  clusters: z.tuple([z.object({ cluster: z.looseObject({}) })]),
  users: z.tuple([z.object({ user: z.looseObject({}) })]),
});

type AdminConfig = z.infer<typeof adminConfig>;

/** The one cluster and the one user of a kubeconfig; undefined while somebody is still writing it. */
function read(text: string): AdminConfig | undefined {
  try {
    return adminConfig.safeParse(parse(text)).data;
  } catch {
    return undefined;
  }
}

function written({ clusters, users }: AdminConfig, id: string, { server, serverName }: ApiAddress): string {
  const { "tls-server-name": _before, ...cluster } = clusters[0].cluster;
  const tls = serverName === undefined ? {} : { "tls-server-name": serverName };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: id, cluster: { ...cluster, server, ...tls } }],
    users: [{ name: id, user: users[0].user }],
    contexts: [{ name: id, context: { cluster: id, user: id } }],
    "current-context": id,
  });
}

/**
 * The cluster's kubeconfig file, which asks its API server at this address; made again from its control plane when it was lost, undefined when
 * that cannot be.
 */
export async function recoverKubeconfig(
  rt: Runtime,
  name: string,
  networkId: string,
  nodes: readonly string[],
  address: ApiAddress,
): Promise<string | undefined> {
  const file = await clusterKubeconfig(rt, name, networkId);
  const id = `kind-${name}`;
  const there = await readFile(file, "utf8").catch(() => "");
  const kept = there.includes(`current-context: ${id}`) ? read(there) : undefined;
  if (kept !== undefined) {
    const text = written(kept, id, address);
    if (text !== there) await writePrivate(file, text);
    return file;
  }
  const [controlPlane] = nodes;
  if (controlPlane === undefined) return undefined;
  const docker = await rt.docker();
  const admin = await docker.exec(controlPlane, ["cat", "/etc/kubernetes/admin.conf"]);
  const config = admin.exitCode === 0 ? read(admin.stdout) : undefined;
  if (config === undefined) return undefined;
  await writePrivate(file, written(config, id, address));
  return file;
}
