import { readFile } from "node:fs/promises";
import { endianness, networkInterfaces } from "node:os";
import { cidrText, parseCidr, type Cidr } from "./cidr.ts";

/** A range that something else uses already, with whose it is, in words. */
export interface TakenRange {
  readonly range: Cidr;
  readonly by: string;
}

const UP = 0x1;
const REJECT = 0x200;
// A way to a part of the world this large is a default route, whatever it is called: VPNs write theirs as two halves.
const LEAST_BITS = 7;

/** A number of /proc/net/route: the address as it lies in memory. */
function fromMemory(hex: string): number {
  const bytes = hex.match(/../g) ?? [];
  return Number.parseInt((endianness() === "LE" ? bytes.toReversed() : bytes).join(""), 16);
}

function bitsOf(mask: number): number {
  return mask.toString(2).replaceAll("0", "").length;
}

/** The ranges that the routes of a Linux host lead to (the text of /proc/net/route), but for default routes. */
export function parseRoutes(text: string): TakenRange[] {
  return text
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [device = "", destination, , flags = "", , , , mask] = line.trim().split(/\s+/);
      if (destination === undefined || mask === undefined) return [];
      const state = Number.parseInt(flags, 16);
      if ((state & UP) === 0 || (state & REJECT) !== 0) return [];
      const range = { base: fromMemory(destination), bits: bitsOf(fromMemory(mask)) };
      return range.bits < LEAST_BITS ? [] : [{ range, by: `the route ${cidrText(range)} of this host (${device})` }];
    });
}

/** The name servers of /etc/resolv.conf. */
export function parseResolvers(text: string): TakenRange[] {
  return [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].flatMap(([, address = ""]) => {
    const range = parseCidr(address);
    return range === undefined ? [] : [{ range, by: `the name server ${address} of this host` }];
  });
}

function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}

/** The ranges that this host has its own addresses in, has routes to, or asks for names in. What cannot be read counts as nothing. */
export async function hostRanges(): Promise<TakenRange[]> {
  const [routes, resolvers] = await Promise.all([textOf("/proc/net/route"), textOf("/etc/resolv.conf")]);
  const own = Object.entries(networkInterfaces()).flatMap(([device, addresses = []]) =>
    addresses.flatMap(({ cidr }) => {
      const range = cidr === null ? undefined : parseCidr(cidr);
      return range === undefined ? [] : [{ range, by: `${cidrText(range)} of this host (${device})` }];
    }),
  );
  return [...own, ...parseRoutes(routes), ...parseResolvers(resolvers)];
}
