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
});

/** What `docker info` says of the engine's machine; throws with the cure when none answers. */
export async function engineInfo(rt: Runtime): Promise<z.infer<typeof info>> {
  // Without an engine `docker info` ends well and prints nothing but zeros.
  await engineVersion(rt);
  const { stdout } = await rt.exec(["docker", "info", "--format", "{{json .}}"], { timeoutMs: 20_000 });
  return info.parse(JSON.parse(stdout));
}

/** True when the engine shares this machine's kernel, so that /proc here tells about it. */
export async function engineIsLocal(rt: Runtime): Promise<boolean> {
  return rt.host.platform === "linux" && (await findEngine(rt.env)).host.startsWith("unix://");
}
