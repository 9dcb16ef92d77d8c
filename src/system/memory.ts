import type { Scope } from "./scope.ts";
import { z } from "zod";
import { callAdmin } from "./admin.ts";
import type { Member } from "./member.ts";
import { nodeShellOf } from "../sandbox/capabilities.ts";

type Where = Pick<Scope, "sandbox" | "session">;

/** Memory of one pod that only its own doing can give back, and its limit (-1 without one); in bytes. */
export const memoryReading = z.strictObject({ target: z.string(), usedBytes: z.number(), limitBytes: z.number() });

/** What `memoryReading` parses. */
export type MemoryReading = z.infer<typeof memoryReading>;

const snapshot = z.looseObject({ memory: z.looseObject({ limitBytes: z.number() }) });

// The container's own view counts the page cache of its files, and offers nothing to subtract it by; the node's has both.
const script = `dir=$(find /sys/fs/cgroup/memory /sys/fs/cgroup -type d -name "*$0*" 2>/dev/null | head -n 1)
[ -n "$dir" ] || exit 0
cat "$dir/memory.usage_in_bytes" 2>/dev/null || cat "$dir/memory.current"
cat "$dir/memory.stat"`;

/**
 * Usage without the pages of files, which the kernel takes back before it kills; files in memory (tmpfs) are not among them. Undefined when
 * there is no such group any more.
 */
export function unreclaimable(text: string): number | undefined {
  const [first = "", ...lines] = text.trim().split("\n");
  if (!/^\d+$/.test(first)) return undefined;
  const stat = new Map(lines.map((line) => [line.slice(0, line.indexOf(" ")), Number(line.slice(line.indexOf(" ")))]));
  const file = (name: string) => stat.get(`total_${name}`) ?? stat.get(name) ?? 0;
  return Math.max(0, Number(first) - file("inactive_file") - file("active_file"));
}

/** Reads the memory of a pod; undefined when its container is gone. */
export async function readMemory(where: Where, member: Member): Promise<MemoryReading | undefined> {
  const inNode = nodeShellOf(where.sandbox);
  const groups = await Promise.all(
    member.containerIds.map(async (id) => {
      const { stdout } = await inNode(member.node, ["sh", "-c", script, id]);
      return unreclaimable(stdout);
    }),
  );
  const used = groups.filter((bytes) => bytes !== undefined);
  if (used.length === 0) return undefined;
  const { memory } = await callAdmin(where, member, "GET", "/admin/cgroup", snapshot);
  return { target: member.name, usedBytes: used.reduce((sum, bytes) => sum + bytes, 0), limitBytes: memory.limitBytes };
}

function mebi(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

/** "98 of 128 MiB", or what it uses where it has no limit. */
export function memoryText({ usedBytes, limitBytes }: MemoryReading): string {
  return limitBytes < 0 ? `${mebi(usedBytes)} MiB without a limit` : `${mebi(usedBytes)} of ${mebi(limitBytes)} MiB`;
}
