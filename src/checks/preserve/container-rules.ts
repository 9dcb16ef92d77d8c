import { isDeepStrictEqual } from "node:util";
import type { ContainerState } from "../../docker/docker.ts";

/** What a rule finds wrong with a container, one sentence each; `short` is its name in the lab. */
export type ContainerRule = (reference: ContainerState, live: ContainerState, short: string) => readonly string[];

/** It runs the same image; by content, so that a tag that was moved is noticed. */
export const containerImage: ContainerRule = (reference, live, short) =>
  live.imageId === reference.imageId ? [] : [`container ${short} runs image ${live.image}, was ${reference.image}`];

/** A CPU and a memory limit are set where they were set. */
export const containerLimits: ContainerRule = (reference, live, short) => [
  ...(reference.nanoCpus > 0 && live.nanoCpus <= 0 ? [`container ${short} has no CPU limit any more`] : []),
  ...(reference.memoryBytes > 0 && live.memoryBytes <= 0 ? [`container ${short} has no memory limit any more`] : []),
];

/** It is started with the same entrypoint and arguments. */
export const containerArgs: ContainerRule = (reference, live, short) =>
  isDeepStrictEqual([live.entrypoint, live.args], [reference.entrypoint, reference.args])
    ? []
    : [`container ${short} is started as "${[...live.entrypoint, ...live.args].join(" ")}"`];
