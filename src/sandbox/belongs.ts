import { z } from "zod";
import type { ContainerState, NetworkState } from "../docker/docker.ts";
import { labelKeys } from "../images/labels.ts";

const inspected = z.object({ HostConfig: z.object({ NetworkMode: z.string() }) });

/** True for what was made for this sandbox: labelled, or started on its network. What was only connected later is somebody's own. */
export function belongs(container: ContainerState, network: NetworkState | undefined, sandbox: string): boolean {
  if (container.labels[labelKeys.sandbox] === sandbox) return true;
  const info = inspected.safeParse(container.raw);
  if (!info.success || network === undefined) return false;
  const mode = info.data.HostConfig.NetworkMode;
  return mode === network.name || (mode.length >= 12 && network.id.startsWith(mode));
}
