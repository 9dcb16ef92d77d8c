import type { ContainerSpec, ContainerState } from "../docker/docker.ts";
import { cloneSpec } from "../sandbox/docker/clone-container.ts";
import type { Drop } from "./drop.ts";

/** A container like this one under another short name, with some of it left out. */
export function cloneWithout(
  sandbox: { readonly name: string },
  state: ContainerState,
  name: string,
  without: Drop,
): ContainerSpec {
  const env = Object.fromEntries(Object.entries(state.env).filter(([key]) => !without.env.includes(key)));
  return cloneSpec(sandbox, { ...state, env }, { name, ...(without.cpuLimit ? { cpus: null } : {}) });
}
