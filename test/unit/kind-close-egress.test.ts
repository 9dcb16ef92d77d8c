import { expect, it } from "vitest";
import type { Docker } from "../../src/docker/docker.ts";
import { closeEgress } from "../../src/sandbox/kind/close-egress.ts";
import { strict } from "../fakes/strict.ts";

const network = async () => ({
  id: "1",
  name: "n",
  labels: {},
  internal: false,
  subnet: "172.30.0.0/16",
  gateway: "172.30.0.1",
  containers: [],
});

it("closes every node towards the address of its bridge", async () => {
  const closed: string[] = [];
  const docker = strict<Docker>("docker", {
    network,
    exec: async (node, argv) => {
      closed.push(`${node} ${argv.slice(4).join(" ")}`);
      return { exitCode: 0, stdout: "", stderr: "" };
    },
  });
  await closeEgress(docker, "n", ["a", "b"]);
  expect(closed.sort()).toEqual([
    "a 172.30.0.1 10.244.0.0/16 10.96.0.0/16 10.96.0.1",
    "b 172.30.0.1 10.244.0.0/16 10.96.0.0/16 10.96.0.1",
  ]);
});

it("refuses a node that stays open", async () => {
  const docker = strict<Docker>("docker", {
    network,
    exec: async () => ({ exitCode: 1, stdout: "", stderr: "a default route is left\n" }),
  });
  await expect(closeEgress(docker, "n", ["a"])).rejects.toThrow(
    "the way out of a could not be closed: a default route is left",
  );
});

it("touches no route before the node has booted: its entry point would end it", async () => {
  let script = "";
  const docker = strict<Docker>("docker", {
    network,
    exec: async (_node, argv) => {
      script = argv[2] ?? "";
      return { exitCode: 0, stdout: "", stderr: "" };
    },
  });
  await closeEgress(docker, "n", ["a"]);
  expect(script.indexOf("containerd.sock")).toBeGreaterThan(0);
  expect(script.indexOf("containerd.sock")).toBeLessThan(script.search(/^(ip|iptables) /m));
});
