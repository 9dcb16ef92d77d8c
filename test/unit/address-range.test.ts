import { describe, expect, it } from "vitest";
import { DockerError } from "../../src/docker/docker-error.ts";
import type { Docker, NetworkState } from "../../src/docker/docker.ts";
import { askedRange, createFreeNetwork, freeRanges, noFreeRange } from "../../src/setup/address-range.ts";
import { cidrText, contains, overlap, parseCidr, type Cidr } from "../../src/lib/cidr.ts";
import { parseResolvers, parseRoutes, type TakenRange } from "../../src/lib/host-ranges.ts";
import { addressesProbeOn } from "../../src/setup/probes/addresses.ts";
import { fakeDocker } from "../fakes/docker.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

function range(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`${text} is no range`);
  return parsed;
}
const taken = (...texts: string[]): TakenRange[] => texts.map((text) => ({ range: range(text), by: text }));
const first = (subnet: string | undefined, ...texts: string[]): string | undefined => {
  const next = freeRanges(subnet === undefined ? {} : { LABS_SUBNET: subnet }, taken(...texts)).next();
  return next.done === true ? undefined : cidrText(next.value);
};

describe("ranges", () => {
  it.each([
    ["10.1.2.3/24", "10.1.2.0/24"],
    ["255.255.255.255", "255.255.255.255/32"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["172.31.255.1/12", "172.16.0.0/12"],
  ])("%s lies in %s", (text, whole) => expect(cidrText(range(text))).toBe(whole));

  it.each(["", "10.1.2", "10.1.2.256", "10.01.2.3", "10.1.2.3/33", "10.1.2.3/", "10.1.2.3/8/8", "fc00::/7", "ten"])(
    "%j is none",
    (text) => expect(parseCidr(text)).toBeUndefined(),
  );

  it("overlap where they have an address in common, in either order", () => {
    const cases = [
      ["10.0.0.0/8", "10.96.0.0/16", true],
      ["10.96.0.0/16", "10.97.0.0/16", false],
      ["10.0.0.0/24", "10.0.1.0/24", false],
      ["0.0.0.0/0", "192.168.1.1", true],
    ] as const;
    for (const [a, b, does] of cases) {
      expect([overlap(range(a), range(b)), overlap(range(b), range(a))]).toEqual([does, does]);
    }
    expect(contains(range("10.0.0.0/8"), range("10.96.0.0/16"))).toBe(true);
    expect(contains(range("10.96.0.0/16"), range("10.0.0.0/8"))).toBe(false);
  });
});

describe("what this host uses", () => {
  it("is where its routes lead, but for default routes, those that are down, and refusals", () => {
    const lines = [
      "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
      "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
      "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000080\t0\t0\t0",
      "tun0\t00000080\t00000000\t0001\t0\t0\t0\t00000080\t0\t0\t0",
      "tun0\t0000C80A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0",
      "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
      "eth1\t0003A8C0\t00000000\t0000\t0\t0\t0\t00FFFFFF\t0\t0\t0",
      "*\t0000000A\t00000000\t0201\t0\t0\t0\t000000FF\t0\t0\t0",
      "",
    ];
    expect(parseRoutes(lines.join("\n")).map((one) => cidrText(one.range))).toEqual(["10.200.0.0/16", "192.0.2.0/24"]);
  });

  it("is where its name servers are", () => {
    const text = "search lan\nnameserver 10.200.0.2\nnameserver fe80::1\n# nameserver 10.0.0.1\n";
    expect(parseResolvers(text).map((one) => cidrText(one.range))).toEqual(["10.200.0.2/32"]);
  });
});

describe("the next network", () => {
  it("is the first that overlaps nothing", () => {
    expect(first(undefined)).toBe("10.200.0.0/24");
    expect(first(undefined, "10.200.0.0/24", "10.200.1.128/25")).toBe("10.200.2.0/24");
    // A VPN into a whole company, and a LAN.
    expect(first(undefined, "10.0.0.0/8", "172.16.0.0/20")).toBe("172.16.16.0/24");
  });

  it("is taken out of LABS_SUBNET, and out of nothing else", () => {
    expect(first("10.96.0.0/12", "10.96.0.0/16")).toBe("10.97.0.0/24");
    expect(first("192.168.7.64/26")).toBe("192.168.7.64/26");
    expect(first("192.168.7.64/26", "192.168.7.64")).toBeUndefined();
    expect(first(" ")).toBe("10.200.0.0/24");
  });

  it.each([
    ["everything", "is no range of IPv4 addresses: everything"],
    ["10.200.0.0", "is no range of IPv4 addresses: 10.200.0.0"],
    ["fd00::/8", "is no range of IPv4 addresses: fd00::/8"],
    ["10.200.3.1/16", "LABS_SUBNET=10.200.3.1/16 is an address inside a range"],
    ["8.8.0.0/16", "is not inside a private range"],
    ["10.200.0.0/29", "is too small: at most /28"],
  ])("LABS_SUBNET=%s is a usage error", (text, message) => {
    const env = { LABS_SUBNET: text };
    expect(() => askedRange(env)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) }),
    );
  });

  it("is said to be impossible with who has the addresses, and the cure", () => {
    expect(noFreeRange({ LABS_SUBNET: "10.96.0.0/16" }, taken("10.0.0.0/24", "10.96.0.0/16"))).toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/no free range .* in 10\.96\.0\.0\/16: taken by 10\.96\.0\.0\/16 and others$/),
      cure: expect.stringContaining("LABS_SUBNET"),
    });
  });
});

/** An engine with these subnets; one that is not listed but `hidden` is refused as the engine does it. */
function engine(subnets: readonly string[], hidden: readonly string[] = [], networks: NetworkState[] = []) {
  const asked: string[] = [];
  const docker = fakeDocker([], {
    subnets: async () => subnets.map((subnet) => ({ network: "other", subnet })),
    networks: async () => networks,
    createNetwork: async ({ name, labels, internal, subnet, gateway }) => {
      asked.push(subnet);
      if (hidden.includes(subnet)) {
        const status = { status: 403 };
        throw new DockerError("docker network create x: Pool overlaps with other one on this address space", status);
      }
      return { id: "1", name, labels: { ...labels }, internal, subnet, gateway, containers: [] };
    },
  } satisfies Partial<Docker>);
  return { asked, docker };
}
const nowhere = async (): Promise<TakenRange[]> => [];
const spec = { name: "labs-abc123", labels: {}, internal: true };
const env = { LABS_SUBNET: "198.18.0.0/22" };

describe("createFreeNetwork", () => {
  it("goes on to the next range where somebody was faster", async () => {
    const { asked, docker } = engine(["198.18.0.0/24"], ["198.18.1.0/24"]);
    const made = await createFreeNetwork(fakeRuntime({ env }), docker, spec, nowhere);
    expect(made).toMatchObject({ subnet: "198.18.2.0/24", gateway: "198.18.2.1" });
    expect(asked).toEqual(["198.18.1.0/24", "198.18.2.0/24"]);
  });

  it("makes nothing where nothing is free", async () => {
    const { asked, docker } = engine(["198.18.0.0/15"]);
    await expect(createFreeNetwork(fakeRuntime({ env }), docker, spec, nowhere)).rejects.toMatchObject({ exitCode: 3 });
    expect(asked).toEqual([]);
  });
});

const look = (docker: Docker, subnet = "198.18.0.0/22", host = nowhere) =>
  addressesProbeOn(host).look(
    fakeRuntime({
      env: { LABS_SUBNET: subnet },
      docker: async () => docker,
      exec: async () => ({ exitCode: 0, stdout: "28.0.0", stderr: "" }),
    }),
  );

describe("the row of doctor", () => {
  it("names the next range, or fails with the cure", async () => {
    expect(await look(engine(["198.18.0.0/24"]).docker)).toEqual({
      level: "ok",
      found: "the next network gets 198.18.1.0/24",
    });
    await expect(look(engine(["198.18.0.0/16"]).docker)).rejects.toMatchObject({ exitCode: 3 });
    await expect(look(engine([]).docker, "nonsense")).rejects.toMatchObject({ exitCode: 2 });
  });

  it("warns of a network of ours that lies where this host has something else", async () => {
    const ours = { ...spec, id: "1", subnet: "198.18.0.0/24", gateway: undefined, containers: [] };
    // The network's own bridge, and a VPN.
    expect(
      await look(engine([], [], [ours]).docker, "198.18.0.0/22", async () => taken("198.18.0.0/24")),
    ).toMatchObject({
      level: "ok",
    });
    expect(await look(engine([], [], [ours]).docker, "198.18.0.0/22", async () => taken("198.18.0.128/25"))).toEqual({
      level: "warn",
      found: "the network labs-abc123 (198.18.0.0/24) overlaps 198.18.0.128/25",
      cure: "labs stop, then labs down",
    });
  });
});
