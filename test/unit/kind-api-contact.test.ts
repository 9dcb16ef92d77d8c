import { createServer } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { apiWays, findWay, ownNetwork, type ApiWays, type NetworkView } from "../../src/sandbox/kind/api-contact.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

const name = "labs-abc123-0w";
const node = `${name}-control-plane`;
const published = { server: "https://127.0.0.1:40001" };
const own = { server: "https://10.200.0.2:6443", serverName: node };
const ways = { published, own, gateway: "10.200.0.1" };

type Seen = Awaited<ReturnType<NetworkView["dial"]>>;

/** The network of a machine with these addresses, and what it sees there, one look after the other; the last goes on. */
function network(seen: Readonly<Record<string, readonly Seen[]>>, addresses: readonly string[] = ["127.0.0.1"]) {
  const dialled: string[] = [];
  const view: NetworkView = {
    addresses: () => addresses,
    dial: async (host, port) => {
      const there = seen[host] ?? [];
      const at = dialled.filter((one) => one === `${host}:${port}`).length;
      dialled.push(`${host}:${port}`);
      return there[at] ?? there.at(-1) ?? "silent";
    },
  };
  return { dialled, view };
}

async function find(one: ReturnType<typeof network>, from: ApiWays = ways) {
  const rt = fakeRuntime();
  const began = rt.clock.elapsed();
  const end = await findWay(rt, name, from, one.view).catch((error: unknown) => error);
  return { end, ms: rt.clock.elapsed() - began, dialled: one.dialled };
}

describe("the ways to an API server", () => {
  it("are the published port and the node's own address", () => {
    const Ports = { "6443/tcp": [{ HostIp: "127.0.0.1", HostPort: "40001" }], "80/tcp": null };
    const Networks = { [name]: { IPAddress: "10.200.0.2", Gateway: "10.200.0.1" } };
    expect(apiWays(name, { name: node, raw: { NetworkSettings: { Ports, Networks } } })).toEqual(ways);
  });

  it("are none where nothing runs", () => {
    const stopped = { Ports: {}, Networks: { [name]: { IPAddress: "", Gateway: "" } } };
    expect(apiWays(name, { name: node, raw: { NetworkSettings: stopped } })).toEqual({});
    expect(apiWays(name, { name: node, raw: {} })).toEqual({});
    expect(apiWays(name, undefined)).toEqual({});
  });
});

describe("the way from here", () => {
  it("is the published port where the engine's bridge is ours, unseen and at once", async () => {
    expect(await find(network({}, ["127.0.0.1", "10.200.0.1"]))).toEqual({ end: published, ms: 0, dialled: [] });
  });

  it("is the published port where somebody listens there: an engine in a virtual machine", async () => {
    expect(await find(network({ "127.0.0.1": ["open"] }))).toMatchObject({ end: published, ms: 0 });
    // Its forwarding may come a little late, and nodes of a virtual machine are nobody's to ask.
    const late = network({ "127.0.0.1": ["refused", "refused", "open"], "10.200.0.2": ["refused"] });
    expect(await find(late)).toMatchObject({ end: published, ms: 500 });
  });

  it.each(["open", "refused"] as const)(
    "is the node's own address where that is %s and the port is not here",
    async (seen) => {
      const { end, ms, dialled } = await find(network({ "127.0.0.1": ["refused"], "10.200.0.2": [seen] }));
      expect(end).toBe(own);
      expect(ms).toBeLessThanOrEqual(2500);
      expect(dialled.at(-1)).toBe("10.200.0.2:6443");
    },
  );

  it("is none where neither is seen, which is said within 5 s, with the cure", async () => {
    const { end, ms } = await find(network({ "127.0.0.1": ["refused"] }));
    expect(end).toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(
        /^the API server of cluster labs-abc123-0w cannot be reached from here \(tried 127\.0\.0\.1:40001 and 10\.200\.0\.2:6443\): /,
      ),
      cure: expect.stringContaining("--network=host"),
    });
    expect(ms).toBeLessThanOrEqual(5000);
  });

  it("is the node's own address where no port is published", async () => {
    const { end, ms } = await find(network({ "10.200.0.2": ["open"] }), { own, gateway: "10.200.0.1" });
    expect({ end, ms }).toEqual({ end: own, ms: 0 });
  });
});

it("sees on this machine's network who listens and who does not", async () => {
  const server = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  expect(await ownNetwork.dial("127.0.0.1", address.port)).toBe("open");
  server.close();
  await once(server, "close");
  expect(await ownNetwork.dial("127.0.0.1", address.port)).toBe("refused");
  expect(ownNetwork.addresses()).toContain("127.0.0.1");
});
