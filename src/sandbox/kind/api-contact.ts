import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { z } from "zod";
import type { ContainerState } from "../../docker/docker.ts";
import { ExitCode, LabsError } from "../../lib/errors.ts";
import { poll } from "../../lib/poll.ts";
import type { Runtime } from "../../runtime.ts";

/** How long we look for a way to the API server of a cluster whose nodes are up. */
const WITHIN_MS = 5000;
/** An engine in a virtual machine opens our port a moment after its own. Until then nothing else is taken for the way. */
const LOOPBACK_FIRST_MS = 2000;
const DIAL_MS = 1000;
/** The port of the API server in its node. */
const API_PORT = 6443;

const inspected = z.object({
  NetworkSettings: z.object({
    Ports: z
      .looseObject({ "6443/tcp": z.array(z.object({ HostIp: z.string(), HostPort: z.string() })).nullish() })
      .nullish(),
    Networks: z.record(z.string(), z.object({ IPAddress: z.string(), Gateway: z.string() })).nullish(),
  }),
});

/** An address at which the API server of a cluster may be asked. */
export interface ApiAddress {
  /** As in a kubeconfig: `https://HOST:PORT`. */
  readonly server: string;
  /** A name in the server's certificate, where the address may be none. */
  readonly serverName?: string;
}

/** What a look from this machine's network tells. `dial`: somebody listens there, nobody does, or nothing came back. */
export interface NetworkView {
  addresses(): readonly string[];
  dial(host: string, port: number): Promise<"open" | "refused" | "silent">;
}

/** This machine's own network, as this program sees it. */
export const ownNetwork: NetworkView = {
  addresses: () =>
    Object.values(networkInterfaces())
      .flat()
      .map((one) => one?.address ?? ""),
  dial: (host, port) =>
    new Promise((resolve) => {
      const socket = connect({ host, port, timeout: DIAL_MS });
      const end = (seen: "open" | "refused" | "silent"): void => {
        socket.destroy();
        resolve(seen);
      };
      socket.once("connect", () => end("open"));
      socket.once("timeout", () => end("silent"));
      socket.once("error", (error: NodeJS.ErrnoException) => end(error.code === "ECONNREFUSED" ? "refused" : "silent"));
    }),
};

/** A cluster that runs where this program cannot reach its API server (exit 3). */
export class ApiOutOfReachError extends LabsError {
  constructor(name: string, tried: readonly string[], cure: string) {
    const where = tried.length === 0 ? "" : ` (tried ${tried.join(" and ")})`;
    super(
      ExitCode.environment,
      `the API server of cluster ${name} cannot be reached from here${where}: ` +
        "the Docker engine runs on another machine, or in another network than this program",
      { cure },
    );
    this.name = "ApiOutOfReachError";
  }
}

/** How to get to where the ports of an engine are published. */
export function hostNetworkCure({ program }: Pick<Runtime, "program">): string {
  return (
    `run ${program} on the engine's own machine, or in a container with the network of that machine: ` +
    'docker run --network=host (in devcontainer.json: "runArgs": ["--network=host"])'
  );
}

/** The error of a cluster that was `tried` in vain at these addresses. */
export function outOfReach(
  rt: Pick<Runtime, "program">,
  name: string,
  tried: readonly ApiAddress[],
): ApiOutOfReachError {
  const places = tried.map(({ server }) => server.replace("https://", ""));
  return new ApiOutOfReachError(name, places, hostNetworkCure(rt));
}

/** What the engine says of the ways to an API server. */
export interface ApiWays {
  /** The port published on the loopback of the engine's machine. */
  readonly published?: ApiAddress;
  /** The control plane's own address on the network of the cluster. */
  readonly own?: ApiAddress;
  /** The address of the engine's machine on that network. */
  readonly gateway?: string;
}

/** The ways to the API server of a cluster, as the state of its running control plane tells; empty where there is none. */
export function apiWays(network: string, controlPlane: Pick<ContainerState, "name" | "raw"> | undefined): ApiWays {
  const state = inspected.safeParse(controlPlane?.raw);
  if (controlPlane === undefined || !state.success) return {};
  const { Ports, Networks } = state.data.NetworkSettings;
  const port = Ports?.["6443/tcp"]?.[0];
  const { IPAddress = "", Gateway = "" } = Networks?.[network] ?? {};
  return {
    ...(port === undefined ? {} : { published: { server: `https://${port.HostIp}:${port.HostPort}` } }),
    ...(IPAddress === "" ? {} : { own: { server: `https://${IPAddress}:${API_PORT}`, serverName: controlPlane.name } }),
    ...(Gateway === "" ? {} : { gateway: Gateway }),
  };
}

/** All ways in the order in which they are tried. */
export function addressesOf({ published, own }: ApiWays): ApiAddress[] {
  return [published, own].filter((one) => one !== undefined);
}

/**
 * The way to an API server from this machine, which need not be up yet; within 5 s. On the engine's own machine, where its bridge is among our
 * interfaces, nothing is asked. Throws an ApiOutOfReachError where no way leads there.
 */
export async function findWay(rt: Runtime, name: string, ways: ApiWays, view: NetworkView): Promise<ApiAddress> {
  const { published, own, gateway } = ways;
  if (published !== undefined && gateway !== undefined && view.addresses().includes(gateway)) return published;
  const dial = ({ server }: ApiAddress) => {
    const { hostname, port } = new URL(server);
    return view.dial(hostname, Number(port));
  };
  const began = rt.clock.elapsed();
  const found = await poll<ApiAddress>(
    async () => {
      if (published !== undefined && (await dial(published)) === "open") return { done: true, value: published };
      const late = published === undefined || rt.clock.elapsed() - began >= LOOPBACK_FIRST_MS;
      // Refused by the node itself: its API server is not up yet, but the node is within reach.
      const there = own === undefined || !late ? "silent" : await dial(own);
      return own === undefined || there === "silent" ? { done: false, seen: there } : { done: true, value: own };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: WITHIN_MS - DIAL_MS, everyMs: 250 },
  );
  if (found.ok) return found.value;
  throw outOfReach(rt, name, addressesOf(ways));
}
