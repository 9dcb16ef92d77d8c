import { DockerError } from "../docker/docker-error.ts";
import type { Docker, NetworkState } from "../docker/docker.ts";
import { environmentError, usageError, type LabsError } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { cidrText, contains, firstAddress, overlap, parseCidr, sizeOf, type Cidr } from "../lib/cidr.ts";
import { hostRanges, type TakenRange } from "../lib/host-ranges.ts";

type Env = Runtime["env"];

/** Range of pod addresses, as kind's default has it. */
export const podRange = "10.244.0.0/16";

/** Range of service addresses, as kind's default has it. */
export const serviceRange = "10.96.0.0/16";

/** Environment variable that names the range out of which our networks are taken, such as 10.200.0.0/16. */
const variable = "LABS_SUBNET";

function known(text: string): Cidr {
  const range = parseCidr(text);
  if (range === undefined) throw new Error(`${text} is no range of addresses`);
  return range;
}

/** Where networks are looked for, in this order. Not in the engine's own pools as long as others are free: it has few of them. */
const usual = ["10.200.0.0/16", "172.16.0.0/16", "198.18.0.0/15", "172.31.0.0/16", "192.168.240.0/20"].map(known);
/** Ranges that lead nowhere on the Internet: private, carriers' and for measurements. */
const allowed = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15"].map(known);
const inClusters: readonly TakenRange[] = [
  { range: known(podRange), by: `the pods of clusters (${podRange})` },
  { range: known(serviceRange), by: `the services of clusters (${serviceRange})` },
];

/** One network gets so many bits: 254 nodes or containers, or as many as a smaller range of the user's own has. */
const NETWORK_BITS = 24;
/** The smallest range that holds a cluster. */
const MOST_BITS = 28;
/** Others make networks too, between our look and our call. */
const MOST_TRIES = 50;

/** The range that LABS_SUBNET names; undefined without one. Throws a usage error (exit 2) for anything that is no such range. */
export function askedRange(env: Env): Cidr | undefined {
  const text = env[variable]?.trim();
  if (text === undefined || text === "") return undefined;
  const cure = `${variable}=10.200.0.0/16, or unset it: a free range is found without it`;
  const range = text.includes("/") ? parseCidr(text) : undefined;
  if (range === undefined) throw usageError(`${variable} is no range of IPv4 addresses: ${text}`, cure);
  if (cidrText(range) !== text) {
    throw usageError(`${variable}=${text} is an address inside a range`, `${variable}=${cidrText(range)}`);
  }
  if (!allowed.some((outer) => contains(outer, range))) {
    throw usageError(`${variable}=${text} is not inside a private range: ${allowed.map(cidrText).join(", ")}`, cure);
  }
  if (range.bits > MOST_BITS) throw usageError(`${variable}=${text} is too small: at most /${MOST_BITS}`, cure);
  return range;
}

/** The ranges of new networks, in the order in which they are tried; none of them overlaps one that is taken. */
export function* freeRanges(env: Env, taken: readonly TakenRange[]): Generator<Cidr> {
  const asked = askedRange(env);
  for (const whole of asked === undefined ? usual : [asked]) {
    const bits = Math.max(NETWORK_BITS, whole.bits);
    const size = sizeOf({ base: 0, bits });
    for (let base = whole.base; base < whole.base + sizeOf(whole); base += size) {
      const range = { base, bits };
      if (!taken.some((other) => overlap(other.range, range))) yield range;
    }
  }
}

/** Everything that a network of ours must not overlap: addresses of clusters, of this host (given by `host`), and of the engine's other networks. */
export async function takenRanges(docker: Docker, host = hostRanges): Promise<TakenRange[]> {
  const [here, subnets] = await Promise.all([host(), docker.subnets()]);
  const networks = subnets.flatMap(({ network, subnet }) => {
    const range = parseCidr(subnet);
    return range === undefined ? [] : [{ range, by: `the Docker network ${network} (${subnet})` }];
  });
  return [...inClusters, ...networks, ...here];
}

/** The error for a host on which no range is free (exit 3). */
export function noFreeRange(env: Env, taken: readonly TakenRange[]): LabsError {
  const asked = askedRange(env);
  const where = asked === undefined ? usual : [asked];
  const by = taken.find(({ range }) => where.some((whole) => overlap(whole, range)))?.by;
  return environmentError(
    `there is no free range of addresses for a network of labs in ${where.map(cidrText).join(", ")}` +
      (by === undefined ? "" : `: taken by ${by}${taken.length > 1 ? " and others" : ""}`),
    { cure: `set ${variable} to a private range that nothing uses, or remove unused networks: docker network prune` },
  );
}

/** What the network of a sandbox is made of. */
export interface SandboxNetwork {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly internal: boolean;
}

/** Makes a network on addresses that nothing else uses. Throws an environment error, before anything is made, where none are free. */
export async function createFreeNetwork(
  rt: Runtime,
  docker: Docker,
  spec: SandboxNetwork,
  host = hostRanges,
): Promise<NetworkState> {
  const taken = await takenRanges(docker, host);
  let tries = 0;
  for (const range of freeRanges(rt.env, taken)) {
    tries += 1;
    try {
      return await docker.createNetwork({ ...spec, subnet: cidrText(range), gateway: firstAddress(range) });
    } catch (error) {
      if (!(error instanceof DockerError) || !/overlap/i.test(error.message) || tries >= MOST_TRIES) throw error;
    }
  }
  throw noFreeRange(rt.env, taken);
}
