import { randomBytes } from "node:crypto";
import { afterEach, expect, it } from "vitest";
import { createFreeNetwork, freeRanges, takenRanges } from "../../src/setup/address-range.ts";
import { cidrText } from "../../src/lib/cidr.ts";
import { dockerProvider } from "../../src/sandbox/docker/provider.ts";
import { hostRanges } from "../../src/lib/host-ranges.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { describeDocker, docker } from "./docker-engine.ts";

const id = randomBytes(4).toString("hex");
const made: string[] = [];

/** Makes a network with this LABS_SUBNET, and returns its subnet. */
async function subnetOf(short: string, LABS_SUBNET?: string, host = hostRanges): Promise<string | undefined> {
  const env = LABS_SUBNET === undefined ? {} : { LABS_SUBNET };
  const name = `labs-test-${id}-${short}`;
  made.push(name);
  return (await createFreeNetwork(fakeRuntime({ env }), docker, { name, labels: {}, internal: true }, host)).subnet;
}

/** A /24 that nothing uses, with the one after it; not where sandboxes get theirs. */
async function freePair(): Promise<{ first: string; whole: string }> {
  const taken = await takenRanges(docker);
  for (const { base } of freeRanges({ LABS_SUBNET: "198.19.0.0/16" }, taken)) {
    const whole = cidrText({ base, bits: 23 });
    const two = [...freeRanges({ LABS_SUBNET: whole }, taken)];
    if (base % 512 === 0 && two.length === 2) return { first: cidrText({ base, bits: 24 }), whole };
  }
  throw new Error("this host has no free addresses");
}

describeDocker("the addresses of our networks", () => {
  afterEach(async () => {
    for (const name of made.splice(0)) await docker.removeNetwork(name);
  });

  it("overlap nothing that the engine or this host uses", async () => {
    const taken = await takenRanges(docker);
    expect(taken.map(({ range }) => cidrText(range))).toEqual(
      expect.arrayContaining(["10.96.0.0/16", "10.244.0.0/16"]),
    );
    const one = await subnetOf("one");
    const two = await subnetOf("two");
    expect(one).toMatch(/\/24$/);
    expect(two).not.toBe(one);
    expect((await docker.subnets()).filter(({ network }) => made.includes(network)).length).toBe(2);
  });

  it("are another range where somebody took the first one meanwhile, and none where all are taken", async () => {
    const { first, whole } = await freePair();
    expect(await subnetOf("one", whole)).toBe(first);
    // What the engine has is not looked at this time, so that it has to refuse.
    const blind = { ...docker, subnets: async () => [] };
    const name = `labs-test-${id}-two`;
    made.push(name);
    const rt = fakeRuntime({ env: { LABS_SUBNET: whole } });
    const two = await createFreeNetwork(rt, blind, { name, labels: {}, internal: true }, async () => []);
    expect(two.subnet).not.toBe(first);
    await expect(subnetOf("three", whole)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining(`no free range of addresses for a network of labs in ${whole}: taken by`),
    });
    expect(await docker.network(`labs-test-${id}-three`)).toBeUndefined();
  });

  it("tell the address of the engine's machine on them, which a cluster must not reach", async () => {
    const name = `labs-test-${id}-open`;
    made.push(name);
    const rt = fakeRuntime({ env: {} });
    const { subnet = "" } = await createFreeNetwork(rt, docker, { name, labels: {}, internal: false });
    expect((await docker.network(name))?.gateway).toBe(subnet.replace(/\.0\/24$/, ".1"));
  });

  it("are those of LABS_SUBNET for a Docker lab too", async () => {
    const { first, whole } = await freePair();
    const base = fakeRuntime();
    const rt = {
      ...base,
      clock: systemClock,
      env: { LABS_SUBNET: whole },
      docker: async () => docker,
      paths: { ...base.paths, home: `/nowhere/${id}` },
    };
    const name = dockerProvider.nameFor(rt, { provider: "docker" });
    try {
      await dockerProvider.prepare(rt, { provider: "docker" }, () => undefined);
      expect((await docker.network(name))?.subnet).toBe(first);
    } finally {
      await dockerProvider.remove(rt, name);
    }
  });
});
