import http from "node:http";
import https from "node:https";
import { KubeConfig, type RequestContext } from "@kubernetes/client-node";
import { Agent, type Dispatcher } from "undici";
import { messageOf } from "../lib/errors.ts";
import { KubeError } from "./kube-error.ts";

/** What a connection needs to know of the server and of who speaks. */
function tlsOf(agent: http.Agent | undefined) {
  if (!(agent instanceof https.Agent)) return {};
  const { ca, cert, key, servername, rejectUnauthorized } = agent.options;
  const given = Object.entries({ ca, cert, key, servername, rejectUnauthorized }).filter(([, value]) => value != null);
  return Object.fromEntries(given);
}

/** One API server as one identity. */
export class KubeAccess extends KubeConfig {
  #agent: http.Agent | undefined;
  #connections: Dispatcher | undefined;

  constructor(from: KubeConfig) {
    super();
    this.loadFromOptions(from);
  }

  /** Puts the identity's headers into a request, and returns the connections to send it over. */
  async authenticate(context: RequestContext): Promise<Dispatcher> {
    await this.applySecurityAuthentication(context);
    // Connections are kept for the next call: a TLS handshake costs either side more than most answers do.
    this.#connections ??= new Agent({ connect: tlsOf(context.getAgent()) });
    return this.#connections;
  }

  override async applyToFetchOptions(...options: Parameters<KubeConfig["applyToFetchOptions"]>) {
    const init = await super.applyToFetchOptions(...options);
    if (init.agent instanceof http.Agent) this.#agent = init.agent;
    return init;
  }

  /** Ends the connections that are kept, once what is under way has its answer. The next request makes new ones. */
  async close(): Promise<void> {
    const kept = this.#connections;
    this.#connections = undefined;
    await kept?.close();
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
