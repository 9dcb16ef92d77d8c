import { readFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import { z } from "zod";
import type { Runtime } from "../../runtime.ts";
import { writePrivate } from "../../session/store.ts";
import { clusterKubeconfig } from "./sandbox-files.ts";

const adminConfig = z.looseObject({
  clusters: z.tuple([z.object({ cluster: z.looseObject({}) })]),
  users: z.tuple([z.object({ user: z.looseObject({}) })]),
});

const published = z.object({
  NetworkSettings: z.object({
    Ports: z.object({ "6443/tcp": z.array(z.object({ HostIp: z.string(), HostPort: z.string() })).min(1) }),
  }),
});

/** The cluster's kubeconfig file; made again from its control plane when it was lost, undefined when that cannot be. */
export async function recoverKubeconfig(
  rt: Runtime,
  name: string,
  networkId: string,
  nodes: readonly string[],
): Promise<string | undefined> {
  const file = await clusterKubeconfig(rt, name, networkId);
  const there = await readFile(file, "utf8").catch(() => "");
  if (there.includes(`current-context: kind-${name}`)) return file;
  const [controlPlane] = nodes;
  if (controlPlane === undefined) return undefined;
  const docker = await rt.docker();
  const admin = await docker.exec(controlPlane, ["cat", "/etc/kubernetes/admin.conf"]);
  const state = published.safeParse((await docker.inspect(controlPlane))?.raw);
  if (admin.exitCode !== 0 || !state.success) return undefined;
  const config = adminConfig.safeParse(parse(admin.stdout));
  const port = state.data.NetworkSettings.Ports["6443/tcp"][0];
  if (!config.success || port === undefined) return undefined;
  const id = `kind-${name}`;
  await writePrivate(
    file,
    stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: id,
          cluster: { ...config.data.clusters[0].cluster, server: `https://${port.HostIp}:${port.HostPort}` },
        },
      ],
      users: [{ name: id, user: config.data.users[0].user }],
      contexts: [{ name: id, context: { cluster: id, user: id } }],
      "current-context": id,
    }),
  );
  return file;
}
