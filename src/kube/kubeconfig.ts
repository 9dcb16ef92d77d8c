import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { KubeError } from "./kube-error.ts";

/** How to reach one API server and as whom. */
export interface KubeAccess {
  readonly server: URL;
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly token?: string;
  readonly insecure: boolean;
  readonly serverName?: string;
}

const text = z.string().optional();
const kubeconfig = z.object({
  "current-context": z.string(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) })),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.object({
        server: z.url(),
        "certificate-authority-data": text,
        "certificate-authority": text,
        "insecure-skip-tls-verify": z.boolean().optional(),
        "tls-server-name": text,
      }),
    }),
  ),
  users: z.array(
    z.object({
      name: z.string(),
      user: z.object({
        "client-certificate-data": text,
        "client-certificate": text,
        "client-key-data": text,
        "client-key": text,
        token: text,
        tokenFile: text,
        exec: z.unknown().optional(),
        "auth-provider": z.unknown().optional(),
      }),
    }),
  ),
});

async function pem(folder: string, data: string | undefined, file: string | undefined): Promise<Buffer | undefined> {
  if (data !== undefined) return Buffer.from(data, "base64");
  return file === undefined ? undefined : readFile(path.resolve(folder, file));
}

/** Reads the current context of a kubeconfig file. Client certificates and tokens only: nothing in it is executed. */
export async function readKubeconfig(file: string): Promise<KubeAccess> {
  const fail = (why: string, cause?: unknown): KubeError => new KubeError(`kubeconfig ${file}: ${why}`, { cause });
  let raw: unknown;
  try {
    raw = parse(await readFile(file, "utf8"));
  } catch (error) {
    throw fail("cannot be read", error);
  }
  const result = kubeconfig.safeParse(raw);
  if (!result.success) throw fail(z.prettifyError(result.error));
  const config = result.data;
  const context = config.contexts.find(({ name }) => name === config["current-context"])?.context;
  const cluster = config.clusters.find(({ name }) => name === context?.cluster)?.cluster;
  const user = config.users.find(({ name }) => name === context?.user)?.user;
  if (cluster === undefined || user === undefined) throw fail("its current context names no cluster or no user");
  if (user.exec !== undefined || user["auth-provider"] !== undefined) {
    throw fail("needs a credential plugin, which is not supported: use a client certificate or a token");
  }
  const folder = path.dirname(file);
  const ca = await pem(folder, cluster["certificate-authority-data"], cluster["certificate-authority"]);
  const cert = await pem(folder, user["client-certificate-data"], user["client-certificate"]);
  const key = await pem(folder, user["client-key-data"], user["client-key"]);
  const tokenText =
    user.tokenFile === undefined ? user.token : await readFile(path.resolve(folder, user.tokenFile), "utf8");
  const serverName = cluster["tls-server-name"];
  return {
    server: new URL(cluster.server),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(tokenText === undefined ? {} : { token: tokenText.trim() }),
    insecure: cluster["insecure-skip-tls-verify"] ?? false,
    ...(serverName === undefined ? {} : { serverName }),
  };
}
