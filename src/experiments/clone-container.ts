import type { ContainerSpec, ContainerState } from "../docker/docker.ts";
import type { Drop } from "./drop.ts";

/** A container like this one, with some of it left out. */
export function cloneContainer(
  state: ContainerState,
  place: Pick<ContainerSpec, "name" | "network" | "labels">,
  drop: Drop,
): ContainerSpec {
  const env = Object.fromEntries(Object.entries(state.env).filter(([name]) => !drop.env.includes(name)));
  return {
    ...place,
    // By content: the tag may have moved on meanwhile.
    image: state.imageId,
    args: state.args,
    ...(state.entrypoint.length === 0 ? {} : { entrypoint: state.entrypoint }),
    env,
    ...(state.nanoCpus === 0 || drop.cpuLimit ? {} : { cpus: state.nanoCpus / 1e9 }),
    ...(state.memoryBytes === 0 ? {} : { memoryBytes: state.memoryBytes }),
    restart: "no",
  };
}
