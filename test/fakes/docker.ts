import type { ContainerState, Docker } from "../../src/docker/docker.ts";
import { strict } from "./strict.ts";

/** A running container with the defaults of `docker run`; give what matters. */
export function fakeContainer(parts: Partial<ContainerState> & { readonly name: string }): ContainerState {
  return {
    id: `id-of-${parts.name}`,
    image: "labs/go-app:v1",
    imageId: "sha256:1111",
    status: "running",
    exitCode: 0,
    oomKilled: false,
    startedAt: "2026-01-01T00:00:00Z",
    health: "none",
    restartCount: 0,
    restart: "no",
    env: {},
    labels: {},
    args: [],
    entrypoint: ["/app"],
    nanoCpus: 0,
    memoryBytes: 0,
    networks: [],
    raw: {},
    ...parts,
  };
}

/** The load agent of the fake Docker sandbox, at work. */
export const dockerAgent: ContainerState = fakeContainer({
  name: "labs-abc123-agent",
  args: ["load"],
  env: { ADMIN_TOKEN: "t0ken" },
  networks: ["labs-abc123"],
});

/** An engine that holds these containers and can only be asked for them; every other call that is not in `parts` throws. */
export function fakeDocker(containers: readonly ContainerState[] = [], parts: Partial<Docker> = {}): Docker {
  return strict<Docker>("docker", {
    inspect: async (name) => containers.find((one) => one.name === name),
    containers: async (filter) => {
      if (filter.label !== undefined) throw new Error("the fake engine knows no label filters");
      return containers.filter(
        (one) =>
          (filter.network === undefined || one.networks.includes(filter.network)) &&
          one.name.startsWith(filter.namePrefix ?? ""),
      );
    },
    ...parts,
  });
}
