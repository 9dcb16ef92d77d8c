import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DockerOptions } from "dockerode";
import { DockerError } from "./docker-error.ts";
import type { EngineEnv } from "./find-engine.ts";

// dockerode lets DOCKER_HOST of the process win over `socketPath` unless `host` is set, even to nothing.
const noHost = { host: "", port: "" } as const;

/** How dockerode dials an engine address: unix:// or tcp://, with the CLI's TLS variables. */
export async function dialOptions(address: string, env: EngineEnv): Promise<DockerOptions> {
  if (address.startsWith("unix://"))
    return { ...noHost, protocol: "http", socketPath: address.slice("unix://".length) };
  if (address.startsWith("npipe://"))
    return { ...noHost, protocol: "http", socketPath: address.slice("npipe://".length) };
  const text = address.includes("://") ? address : `tcp://${address}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["tcp:", "http:", "https:"].includes(url.protocol)) {
    throw new DockerError(`DOCKER_HOST ${address} is not supported: use unix://PATH or tcp://HOST:PORT`);
  }
  const tls = url.protocol === "https:" || env["DOCKER_TLS_VERIFY"] === "1";
  const target = { host: url.hostname, port: url.port || (tls ? "2376" : "2375") };
  if (!tls) return { ...target, protocol: "http" };
  const folder = env["DOCKER_CERT_PATH"] ?? join(env["HOME"] ?? "", ".docker");
  const [ca, cert, key] = await Promise.all(
    ["ca.pem", "cert.pem", "key.pem"].map((name) => readFile(join(folder, name))),
  );
  return { ...target, protocol: "https", ca, cert, key };
}
