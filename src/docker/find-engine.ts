import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { DockerError } from "./docker-error.ts";

/** Environment of this program, as far as the Docker CLI would read it. */
export type EngineEnv = Readonly<Record<string, string | undefined>>;

/** Certificates of an engine that speaks TLS, as far as there are any. */
export interface EngineTls {
  /** False: whoever answers is believed. */
  readonly verify: boolean;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** The engine that the `docker` command would talk to, and who says so. */
export interface EngineAddress {
  /** unix://PATH, tcp://HOST:PORT, ssh://…, as the CLI writes it. */
  readonly host: string;
  readonly from: "DOCKER_HOST" | "DOCKER_CONTEXT" | "currentContext" | "default";
  /** Name of the CLI's context, other than its "default". */
  readonly context?: string;
  readonly tls?: EngineTls;
}

const config = z.object({ currentContext: z.string().optional() });
const endpoint = z.object({ Host: z.string().default(""), SkipTLSVerify: z.boolean().default(false) });
const context = z.object({ Endpoints: z.object({ docker: endpoint }) });

/** Default address of the engine on Linux and macOS. */
export const defaultEngine = "unix:///var/run/docker.sock";

/** A variable that is set to nothing counts as not set, as for the CLI. */
function given(env: EngineEnv, name: string): string | undefined {
  const value = env[name];
  return value === "" ? undefined : value;
}

async function readOptional(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(() => undefined);
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const bytes = await readOptional(path);
  if (bytes === undefined) return undefined; // no such file: the CLI has no opinion
  try {
    return schema.parse(JSON.parse(bytes.toString("utf8")));
  } catch (error) {
    throw new DockerError(`${path} is not what the Docker CLI writes`, {
      cure: `repair ${path}, or move it away`,
      cause: error,
    });
  }
}

/** DOCKER_HOST in full, by the CLI's rules: without a scheme it is tcp, without a host localhost, without a port 2375, or 2376 with TLS. */
function fullAddress(text: string, tls: boolean): string {
  const address = text.trim();
  if (address === "") return tls ? "tcp://localhost:2376" : defaultEngine;
  if (address === "unix://") return defaultEngine;
  if (/^(unix|npipe|ssh):\/\//.test(address)) return address;
  const [, host = "", port = ""] = /^(?:tcp:\/\/)?(\[[\da-f:]+\]|[\w.-]*)(?::(\d+))?$/.exec(address) ?? [];
  if (host === "" && port === "" && address !== "tcp://") {
    throw new DockerError(`DOCKER_HOST ${address} is not supported`, {
      cure: "set DOCKER_HOST to unix://PATH or tcp://HOST:PORT, or unset it",
    });
  }
  return `tcp://${host || "localhost"}:${port || (tls ? "2376" : "2375")}`;
}

/** Where the CLI keeps its configuration; undefined where there is no home either. */
export function cliFolder(env: EngineEnv): string | undefined {
  const home = given(env, "HOME");
  return given(env, "DOCKER_CONFIG") ?? (home === undefined ? undefined : join(home, ".docker"));
}

/** The certificates that DOCKER_TLS_VERIFY or DOCKER_TLS ask for. Without ca.pem there is no connection; without the others no client's name. */
async function tlsOfVariables(env: EngineEnv): Promise<EngineTls | undefined> {
  const verify = given(env, "DOCKER_TLS_VERIFY") !== undefined;
  if (!verify && given(env, "DOCKER_TLS") === undefined) return undefined;
  const folder = given(env, "DOCKER_CERT_PATH") ?? cliFolder(env) ?? ".";
  const ask = verify ? "DOCKER_TLS_VERIFY" : "DOCKER_TLS";
  const ca = await readFile(join(folder, "ca.pem")).catch((error: unknown) => {
    throw new DockerError(`${ask} is set, but ${join(folder, "ca.pem")} cannot be read`, {
      cure: `set DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem, or unset ${ask}`,
      cause: error,
    });
  });
  return { verify, ca, ...(await clientCertificate(folder)) };
}

async function clientCertificate(folder: string): Promise<Pick<EngineTls, "cert" | "key">> {
  const [cert, key] = await Promise.all(["cert.pem", "key.pem"].map((name) => readOptional(join(folder, name))));
  return cert === undefined || key === undefined ? {} : { cert, key };
}

async function readContext(
  folder: string | undefined,
  name: string,
  from: "DOCKER_CONTEXT" | "currentContext",
): Promise<EngineAddress> {
  const hash = createHash("sha256").update(name).digest("hex");
  const meta =
    folder === undefined ? undefined : await readJson(join(folder, "contexts", "meta", hash, "meta.json"), context);
  if (folder === undefined || meta === undefined) {
    throw new DockerError(
      `context "${name}" not found by the Docker CLI${from === "DOCKER_CONTEXT" ? ` (${from})` : ""}`,
      {
        cure: `docker context ls shows those that are there; ${from === "DOCKER_CONTEXT" ? "unset DOCKER_CONTEXT" : "docker context use default"}`,
      },
    );
  }
  const { Host, SkipTLSVerify } = meta.Endpoints.docker;
  const tlsFolder = join(folder, "contexts", "tls", hash, "docker");
  const [ca, client] = await Promise.all([readOptional(join(tlsFolder, "ca.pem")), clientCertificate(tlsFolder)]);
  const tls = SkipTLSVerify || ca !== undefined || client.cert !== undefined;
  return {
    host: fullAddress(Host, tls),
    from,
    context: name,
    ...(tls ? { tls: { verify: !SkipTLSVerify, ...(ca === undefined ? {} : { ca }), ...client } } : {}),
  };
}

/**
 * The engine that `docker` would talk to: DOCKER_HOST, else DOCKER_CONTEXT, else the CLI's current context, else the default socket. Throws a
 * DockerError with the cure when the CLI could not tell either.
 */
export async function findEngine(env: EngineEnv): Promise<EngineAddress> {
  const host = given(env, "DOCKER_HOST");
  if (host === undefined) {
    const folder = cliFolder(env);
    const named = given(env, "DOCKER_CONTEXT");
    const current =
      named === undefined && folder !== undefined
        ? (await readJson(join(folder, "config.json"), config))?.currentContext
        : undefined;
    const name = named ?? current ?? "";
    if (name !== "" && name !== "default")
      return readContext(folder, name, named === undefined ? "currentContext" : "DOCKER_CONTEXT");
  }
  const tls = await tlsOfVariables(env);
  return {
    host: fullAddress(host ?? "", tls !== undefined),
    from: host === undefined ? "default" : "DOCKER_HOST",
    ...(tls === undefined ? {} : { tls }),
  };
}
