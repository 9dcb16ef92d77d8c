import type Dockerode from "dockerode";
import type { NetworkInspectInfo } from "dockerode";
import type { Docker, NetworkState } from "./docker.ts";
import { engineCall, engineLookup } from "./engine-call.ts";

// An internal network still has the host's bridge address on it, and with it whatever listens on 0.0.0.0 of the host.
const noHostAddress = "com.docker.network.bridge.inhibit_ipv4";

function networkState(info: NetworkInspectInfo): NetworkState {
  const [pool] = info.IPAM?.Config ?? [];
  const hostless = info.Options?.[noHostAddress] === "true";
  return {
    id: info.Id,
    name: info.Name,
    labels: info.Labels ?? {},
    internal: info.Internal && hostless && !info.EnableIPv6,
    subnet: pool?.["Subnet"],
    gateway: hostless ? undefined : pool?.["Gateway"],
    containers: Object.values(info.Containers ?? {})
      .map(({ Name }) => Name)
      .sort(),
  };
}

/** The calls about networks. */
export function engineNetworks(
  engine: Dockerode,
): Pick<Docker, "network" | "networks" | "subnets" | "createNetwork" | "removeNetwork" | "disconnect"> {
  const network: Docker["network"] = async (name) => {
    const what = `docker network inspect ${name}`;
    const info = await engineLookup(what, () => engine.getNetwork(name).inspect());
    return info === undefined ? undefined : networkState(info);
  };
  return {
    network,
    async networks(label) {
      const found = await engineCall("docker network ls", (abortSignal) =>
        engine.listNetworks({ filters: { label: [label] }, abortSignal }),
      );
      // Only inspect tells which containers are attached.
      const states = await Promise.all(found.map(({ Id }) => network(Id)));
      return states.filter((state) => state !== undefined).sort((a, b) => a.name.localeCompare(b.name));
    },
    async subnets() {
      const found = await engineCall("docker network ls", (abortSignal) => engine.listNetworks({ abortSignal }));
      return found.flatMap(({ Name, IPAM }) =>
        (IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet === undefined ? [] : [{ network: Name, subnet: Subnet }])),
      );
    },
    async createNetwork({ name, labels, internal, subnet, gateway }) {
      const what = `docker network create ${name}`;
      const info = await engineCall(what, async (abortSignal) => {
        const created = await engine.createNetwork({
          Name: name,
          CheckDuplicate: true,
          Driver: "bridge",
          EnableIPv6: false,
          Internal: internal,
          IPAM: { Driver: "default", Config: [{ Subnet: subnet, Gateway: gateway }] },
          Labels: { ...labels },
          Options: internal ? { [noHostAddress]: "true" } : {},
          abortSignal,
        });
        return created.inspect();
      });
      return networkState(info);
    },
    async removeNetwork(name) {
      const what = `docker network rm ${name}`;
      const removed = await engineLookup(what, (abortSignal) =>
        engine
          .getNetwork(name)
          .remove({ abortSignal })
          .then(() => true),
      );
      return removed ?? false;
    },
    async disconnect(from, container) {
      const what = `docker network disconnect ${from} ${container}`;
      const done = await engineLookup(what, () =>
        engine
          .getNetwork(from)
          .disconnect({ Container: container, Force: true })
          .then(() => true),
      );
      return done ?? false;
    },
  };
}
