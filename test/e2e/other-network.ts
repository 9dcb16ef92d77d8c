import { spawn } from "node:child_process";
import { once } from "node:events";
import { execa } from "execa";
import { describe, inject } from "vitest";
import { poll } from "../../src/lib/poll.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { Ended, Learner } from "./learner.ts";

/** A network namespace of this machine in which only its own loopback is: as a container with the engine's socket in it has one. */
export interface OtherNetwork {
  /** Runs the installed program as this learner in there. */
  labs(me: Learner, ...args: string[]): Promise<Ended>;
  /** Waits up to 120 s for a Docker network, and joins it with an address at its end; its number in the last place is 250. */
  join(network: string): Promise<void>;
  leave(): Promise<void>;
}

async function problem(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux";
  for (const argv of [
    ["ip", "-V"],
    ["nsenter", "-V"],
    ["unshare", "-n", "true"],
  ]) {
    const [program = "", ...args] = argv;
    const { failed } = await execa(program, args, { reject: false });
    if (failed) return `${argv.join(" ")} fails`;
  }
  return undefined;
}

const missing = await problem();
if (missing !== undefined) {
  if (process.env["CI"] === "true") throw new Error(`tests with a network of their own cannot be run: ${missing}`);
  process.stderr.write(`skipped: tests with a network of their own (${missing})\n`);
}

/** `describe` where network namespaces can be made; skipped with a reason elsewhere, but in CI, where it fails. */
export const describeOtherNetwork: typeof describe | typeof describe.skip =
  missing === undefined ? describe : describe.skip;

/** Makes a network namespace; it is gone with `leave`, or by itself after an hour. */
export async function otherNetwork(): Promise<OtherNetwork> {
  const holder = spawn("unshare", ["-n", "sh", "-c", "ip link set lo up && echo up && exec sleep 3600"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [up] = await Promise.race([once(holder.stdout, "data"), once(holder, "exit")]);
  if (String(up).trim() !== "up") throw new Error(`no network namespace: ${String(up)}`);
  const pid = String(holder.pid);
  const inside = (...argv: string[]): string[] => ["-t", pid, "-n", ...argv];
  const veth = `labs${pid}`;
  return {
    async labs(me, ...args) {
      const options = { env: me.env, reject: false, cwd: me.home, stdin: "ignore" } as const;
      const { exitCode, stdout, stderr } = await execa("nsenter", inside(inject("labsBin"), ...args), options);
      return { exitCode: exitCode ?? -1, stdout, stderr };
    },
    async join(network) {
      const format = "{{.Id}} {{(index .IPAM.Config 0).Subnet}}";
      const found = await poll(
        async () => {
          const { stdout } = await execa("docker", ["network", "inspect", "--format", format, network]);
          return { done: true, value: stdout.trim().split(" ") };
        },
        { clock: systemClock, signal: new AbortController().signal, withinMs: 120_000, everyMs: 250 },
      );
      if (!found.ok) throw new Error(`no Docker network ${network}: ${found.seen}`);
      const [id = "", subnet = ""] = found.value;
      await execa("ip", ["link", "add", veth, "type", "veth", "peer", "name", "eth0", "netns", pid]);
      await execa("ip", ["link", "set", veth, "master", `br-${id.slice(0, 12)}`, "up"]);
      const address = subnet.replace(/\.0\/(\d+)$/, ".250/$1");
      await execa("nsenter", inside("ip", "addr", "add", address, "dev", "eth0"));
      await execa("nsenter", inside("ip", "link", "set", "eth0", "up"));
    },
    async leave() {
      await execa("ip", ["link", "del", veth], { reject: false });
      holder.kill("SIGKILL");
      if (holder.exitCode === null && holder.signalCode === null) await once(holder, "exit");
    },
  };
}
