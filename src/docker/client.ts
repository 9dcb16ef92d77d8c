import Dockerode, { type DockerOptions } from "dockerode";
import { z } from "zod";
import { dialOptions } from "./dial-options.ts";
import type { Docker } from "./docker.ts";
import { engineCall } from "./engine-call.ts";
import { engineContainers } from "./engine-containers.ts";
import { engineNetworks } from "./engine-networks.ts";
import { engineStorage } from "./engine-storage.ts";
import { findEngine, type EngineEnv } from "./find-engine.ts";

// Engines before 20.10 do not tell the cgroup version; they know only 1.
const engineInfo = z.object({ NCPU: z.number(), MemTotal: z.number(), CgroupVersion: z.string().default("1") });

/** dockerode reads DOCKER_HOST and the certificates of the process by itself, and trips over them: what is said here is all there is. */
function dial(options: DockerOptions): Dockerode {
  const { DOCKER_HOST } = process.env;
  delete process.env["DOCKER_HOST"];
  try {
    return new Dockerode(options);
  } finally {
    if (DOCKER_HOST !== undefined) process.env["DOCKER_HOST"] = DOCKER_HOST;
  }
}

/**
 * The engine that the `docker` command would talk to. Does not dial yet: every call does, with a time limit. Throws a DockerError where it cannot
 * be told which engine, or where it is one that cannot be dialled.
 */
export async function connectDocker(env: EngineEnv): Promise<Docker> {
  const engine = dial(dialOptions(await findEngine(env), env));
  return {
    async version() {
      const [version, info] = await engineCall("docker version", async () => {
        const [about, facts] = await Promise.all([engine.version(), engine.info()]);
        return [about, engineInfo.parse(facts)] as const;
      });
      return {
        version: version.Version,
        apiVersion: version.ApiVersion,
        cgroupVersion: info.CgroupVersion === "2" ? "2" : "1",
        cpus: info.NCPU,
        memoryBytes: info.MemTotal,
      };
    },
    ...engineContainers(engine),
    ...engineNetworks(engine),
    ...engineStorage(engine),
  };
}
