/** A range of IPv4 addresses: all that begin with the same `bits` bits (0 to 32) as `base`, a whole number of 32 bits. */
export interface Cidr {
  readonly base: number;
  readonly bits: number;
}

/** How many addresses a range has. */
export function sizeOf({ bits }: Cidr): number {
  return 2 ** (32 - bits);
}

function parseAddress(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Reads `10.1.2.3/24`, or an address alone as a range of one; undefined for anything else. The range is the one that the address lies in. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = "", length, ...rest] = text.split("/");
  const number = parseAddress(address);
  if (number === undefined || rest.length > 0 || (length !== undefined && !/^\d{1,2}$/.test(length))) return undefined;
  const bits = Number(length ?? 32);
  if (bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  return { base: Math.floor(number / size) * size, bits };
}

function addressText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** A range as `10.1.2.0/24`. */
export function cidrText({ base, bits }: Cidr): string {
  return `${addressText(base)}/${bits}`;
}

/** The first address that one may have in a range: `10.1.2.1` of `10.1.2.0/24`. */
export function firstAddress({ base }: Cidr): string {
  return addressText(base + 1);
}

/** True when two ranges have an address in common. */
export function overlap(a: Cidr, b: Cidr): boolean {
  return a.base < b.base + sizeOf(b) && b.base < a.base + sizeOf(a);
}

/** True when every address of `inner` is one of `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.bits <= inner.bits && overlap(outer, inner);
}
