import http from "node:http";
import { KubeConfig, type RequestContext } from "@kubernetes/client-node";
import { messageOf } from "../errors.ts";
import { KubeError } from "./kube-error.ts";

/** One API server as one identity. */
export class KubeAccess extends KubeConfig {
  #agent: http.Agent | undefined;

  constructor(from: KubeConfig) {
    super();
    this.loadFromOptions(from);
  }

  // One agent for all calls, so that TLS sessions are taken up again. It must not reuse sockets (keepAlive, maxSockets): node-fetch 2 then
  // takes whole answers for cut ones ("Premature close").
  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    this.#agent ??= context.getAgent();
    if (this.#agent !== undefined) context.setAgent(this.#agent);
  }

  override async applyToFetchOptions(...options: Parameters<KubeConfig["applyToFetchOptions"]>) {
    const init = await super.applyToFetchOptions(...options);
    if (init.agent instanceof http.Agent) this.#agent = init.agent;
    return init;
  }

  /** Cuts every connection, also one that is still being made. */
  end(): void {
    this.#agent?.destroy();
  }
}

/** Reads the current context of a kubeconfig file. Client certificates and tokens only: nothing in it is executed. */
export function readKubeconfig(file: string): KubeAccess {
  const fail = (why: string, cause?: unknown): KubeError => new KubeError(`kubeconfig ${file}: ${why}`, { cause });
  const config = new KubeConfig();
  try {
    config.loadFromFile(file);
  } catch (error) {
    throw fail(`cannot be read: ${messageOf(error)}`, error);
  }
  const user = config.getCurrentUser();
  if (config.getCurrentCluster() === null || user === null)
    throw fail("its current context names no cluster or no user");
  if (Boolean(user.exec) || Boolean(user.authProvider)) {
    throw fail("needs a credential plugin, which is not supported: use a client certificate or a token");
  }
  return new KubeAccess(config);
}

/** The same API server, as the bearer of a token. */
export function asBearer(access: KubeAccess, token: string): KubeAccess {
  const config = new KubeConfig();
  const cluster = access.getCurrentCluster();
  if (cluster === null) throw new KubeError("no API server to be a bearer for");
  config.loadFromClusterAndUser(cluster, { name: "bearer", token });
  return new KubeAccess(config);
}
