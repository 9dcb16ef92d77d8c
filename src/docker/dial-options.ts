import { Agent } from "node:https";
import type { DockerOptions } from "dockerode";
import { DockerError } from "./docker-error.ts";
import { findEngine, type EngineAddress, type EngineEnv } from "./find-engine.ts";

/** Who chose an engine, in the words of its user: "context colima", "DOCKER_HOST=…". */
export function chosenBy({ host, from, context }: EngineAddress): string {
  if (context !== undefined) return `context ${context}, ${host}`;
  return from === "DOCKER_HOST" ? `DOCKER_HOST=${host}` : host;
}

/** How to get back to an engine of this machine, as one sentence. */
export function otherEngineCure({ from }: EngineAddress): string {
  return from === "currentContext" ? "docker context use default" : `unset ${from}`;
}

/** Throws for an engine behind ssh: published ports and files of such an engine are another machine's. */
export function refuseSsh(engine: EngineAddress): void {
  if (!engine.host.startsWith("ssh://")) return;
  throw new DockerError(`an engine over ssh is not supported (${chosenBy(engine)})`, {
    cure: `use an engine on this machine: ${otherEngineCure(engine)}`,
    unsupported: true,
  });
}

/** How dockerode dials an engine, with the API version that DOCKER_API_VERSION asks for. Throws a DockerError for one that it cannot dial. */
export function dialOptions(engine: EngineAddress, env: EngineEnv): DockerOptions {
  refuseSsh(engine);
  const asked = (env["DOCKER_API_VERSION"] ?? "").replace(/^v/, "");
  const version = asked === "" ? {} : { version: `v${asked}` };
  const [, path] = /^(?:unix|npipe):\/\/(.*)$/.exec(engine.host) ?? [];
  if (path !== undefined) return { protocol: "http", socketPath: path, ...version };
  const { hostname, port } = new URL(engine.host);
  const target = { host: hostname, port, ...version };
  if (engine.tls === undefined) return { ...target, protocol: "http" };
  const { verify, ca, cert, key } = engine.tls;
  return {
    ...target,
    protocol: "https",
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(verify ? {} : { agent: new Agent({ rejectUnauthorized: false }) }),
  };
}

/**
 * Variables under which `docker`, and what else asks the CLI, talks to the engine that this program talks to; `undefined` unsets one. An engine
 * that cannot be told, because a context is missing, leaves them as they are: the CLI has its own sentence for that.
 */
export async function engineVariables(env: EngineEnv): Promise<Record<string, string | undefined>> {
  const engine = await findEngine(env).catch(() => undefined);
  if (engine === undefined) return {};
  if (engine.context === undefined) return { DOCKER_HOST: engine.host, DOCKER_CONTEXT: undefined };
  // The certificates of a context have no variables that say all that the context says.
  if (engine.tls !== undefined) return { DOCKER_HOST: undefined, DOCKER_CONTEXT: engine.context };
  return {
    DOCKER_HOST: engine.host,
    DOCKER_CONTEXT: undefined,
    DOCKER_TLS_VERIFY: undefined,
    DOCKER_TLS: undefined,
  };
}
