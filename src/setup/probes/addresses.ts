import type { NetworkState } from "../../docker/docker.ts";
import { labelKeys } from "../../images/labels.ts";
import { cidrText, overlap, parseCidr } from "../../lib/cidr.ts";
import { type TakenRange, hostRanges } from "../../lib/host-ranges.ts";
import { freeRanges, noFreeRange, takenRanges } from "../address-range.ts";
import { engineVersion } from "../engine.ts";
import type { Probe } from "./probe.ts";

/** A network of ours that this host came to use the addresses of: by a VPN, or in another LAN. Its own bridge is no such use. */
function overlapped(networks: readonly NetworkState[], host: readonly TakenRange[]): string | undefined {
  for (const { name, subnet = "" } of networks) {
    const range = parseCidr(subnet);
    if (range === undefined) continue;
    const other = host.find((one) => overlap(one.range, range) && cidrText(one.range) !== cidrText(range));
    if (other !== undefined) return `the network ${name} (${subnet}) overlaps ${other.by}`;
  }
  return undefined;
}

/** Is there a range of addresses for the next network of ours, and are those of the present ones still nobody else's? */
export function addressesProbeOn(host: typeof hostRanges): Probe {
  return {
    id: "addresses",
    name: "addresses",
    async look(rt) {
      await engineVersion(rt);
      const docker = await rt.docker();
      const [taken, networks, here] = await Promise.all([
        takenRanges(docker, host),
        docker.networks(labelKeys.home),
        host(),
      ]);
      const next = freeRanges(rt.env, taken).next();
      if (next.done === true) throw noFreeRange(rt.env, taken);
      const found = overlapped(networks, here);
      if (found !== undefined) return { level: "warn", found, cure: `${rt.program} stop, then ${rt.program} down` };
      return { level: "ok", found: `the next network gets ${cidrText(next.value)}` };
    },
  };
}

/** Asks this machine's own interfaces and routes. */
export const addressesProbe = addressesProbeOn(hostRanges);
