import { z } from "zod";
import { findEngine } from "../../docker/find-engine.ts";
import type { Runtime } from "../../runtime.ts";
import { engineVersion } from "../engine.ts";

const info = z.object({
  NCPU: z.number(),
  MemTotal: z.number(),
  CgroupVersion: z.string().default(""),
  DockerRootDir: z.string().default(""),
  DefaultRuntime: z.string().default(""),
  SecurityOptions: z
    .array(z.string())
    .nullish()
    .transform((options) => options ?? []),
  /** Which limits the engine can set for a container. */
  MemoryLimit: z.boolean().default(true),
  PidsLimit: z.boolean().default(true),
  CPUShares: z.boolean().default(true),
  CpuCfsQuota: z.boolean().default(true),
});

/** What `docker info` says of the engine and its machine. */
export type EngineInfo = z.infer<typeof info> & {
  /** Version of the engine. */
  readonly version: string;
};

/** Asks the engine about itself; throws with the cure when none answers, or one that labs do not work with. */
export async function engineInfo(rt: Runtime): Promise<EngineInfo> {
  // Without an engine `docker info` ends well and prints nothing but zeros.
  const version = await engineVersion(rt);
  const { stdout } = await rt.exec(["docker", "info", "--format", "{{json .}}"], { timeoutMs: 20_000 });
  return { ...info.parse(JSON.parse(stdout)), version };
}

/** True when the engine shares this machine's kernel, so that /proc here tells about it. */
export async function engineIsLocal(rt: Runtime): Promise<boolean> {
  return rt.host.platform === "linux" && (await findEngine(rt.env)).host.startsWith("unix://");
}
