import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { DockerError } from "./docker-error.ts";

/** Environment of this program, as far as the Docker CLI would read it. */
export type EngineEnv = Readonly<Record<string, string | undefined>>;

const config = z.object({ currentContext: z.string().optional() });
const context = z.object({ Endpoints: z.object({ docker: z.object({ Host: z.string() }) }) });

/** Default address of the engine on Linux and macOS. */
export const defaultEngine = "unix:///var/run/docker.sock";

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    return undefined; // no such file: the CLI has no opinion
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new DockerError(`${path} is not what the Docker CLI writes`, { cause: error });
  }
}

/** Address of the engine that `docker` would talk to: DOCKER_HOST, else the CLI's context, else the default socket. */
export async function findEngine(env: EngineEnv): Promise<string> {
  if (env["DOCKER_HOST"] !== undefined && env["DOCKER_HOST"] !== "") return env["DOCKER_HOST"];
  const folder = env["DOCKER_CONFIG"] ?? (env["HOME"] === undefined ? undefined : join(env["HOME"], ".docker"));
  if (folder === undefined) return defaultEngine;
  const name =
    env["DOCKER_CONTEXT"] ?? (await readJson(join(folder, "config.json"), config))?.currentContext ?? "default";
  if (name === "" || name === "default") return defaultEngine;
  const hash = createHash("sha256").update(name).digest("hex");
  const meta = await readJson(join(folder, "contexts", "meta", hash, "meta.json"), context);
  if (meta === undefined) throw new DockerError(`the Docker CLI's context ${name} does not exist`);
  return meta.Endpoints.docker.Host;
}
