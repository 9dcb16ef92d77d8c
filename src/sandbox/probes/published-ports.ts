import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { findEngine } from "../../docker/find-engine.ts";
import { firstAddress, parseCidr } from "../../lib/cidr.ts";
import { hostNetworkCure } from "../kind/api-contact.ts";
import { engineVersion } from "../../setup/engine.ts";
import type { Probe } from "../../setup/probes/probe.ts";

const loopbacks = ["localhost", "127.0.0.1", "[::1]"];

async function inContainer(root: string): Promise<boolean> {
  const marks = [".dockerenv", "run/.containerenv"].map((mark) => access(join(root, mark)));
  return (await Promise.allSettled(marks)).some(({ status }) => status === "fulfilled");
}

/** True where this address is one of this network namespace, even if its interface is down. */
async function isOurs(root: string, address: string): Promise<boolean> {
  const trie = await readFile(join(root, "proc/net/fib_trie"), "utf8").catch(() => "");
  return new RegExp(`-- ${address.replaceAll(".", "\\.")}\\s+/32 host LOCAL`).test(trie);
}

/** Are ports that the engine publishes on its loopback on ours? The API server of a cluster is reached by one. */
export function publishedPortsProbeAt(root: string): Probe {
  return {
    id: "published-ports",
    name: "published ports",
    async look(rt) {
      await engineVersion(rt);
      const { host } = await findEngine(rt.env);
      const elsewhere = (found: string) => ({
        level: "warn" as const,
        found: `${found}: Docker labs run, but the clusters of other labs are out of reach`,
        cure: hostNetworkCure(rt),
      });
      if (!host.startsWith("unix://")) {
        const { hostname } = new URL(host);
        if (!host.startsWith("npipe:") && !loopbacks.includes(hostname))
          return elsewhere(`the engine is on ${hostname}`);
      }
      if (rt.host.platform !== "linux") return { level: "ok", found: "forwarded by the engine" };
      const { gateway, subnet = "" } = (await (await rt.docker()).network("bridge")) ?? {};
      const range = parseCidr(subnet);
      const bridge = gateway ?? (range === undefined ? undefined : firstAddress(range));
      if (bridge !== undefined && (await isOurs(root, bridge))) return { level: "ok", found: "on this machine" };
      // Engines in a virtual machine, and those without root, forward theirs to the loopback of the machine.
      if (!(await inContainer(root))) return { level: "ok", found: "forwarded by the engine" };
      return elsewhere("this is a container, and the engine runs outside of it");
    },
  };
}

/** Asks this program's own network. */
export const publishedPortsProbe = publishedPortsProbeAt("/");
