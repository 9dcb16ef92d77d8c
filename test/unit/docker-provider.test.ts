import { describe, expect, it } from "vitest";
import type { Docker, NetworkState } from "../../src/docker/docker.ts";
import { dockerProvider } from "../../src/sandbox/docker/provider.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

const name = dockerProvider.nameFor(fakeRuntime(), { provider: "docker" });
const labels = { "dev.labs.home": name.slice(5), "dev.labs.sandbox": name };

function network(parts: Partial<NetworkState>): NetworkState {
  return {
    id: "0123456789abcdef",
    name,
    labels,
    internal: true,
    subnet: undefined,
    gateway: undefined,
    containers: [],
    ...parts,
  };
}

function on(parts: Partial<Docker>) {
  return fakeRuntime({ docker: async () => fakeDocker([], parts) });
}

/** An engine with one network of the sandbox's name and these containers on it; keeps what was done. */
function engine(one: NetworkState, containers: readonly ReturnType<typeof fakeContainer>[]) {
  const done: string[] = [];
  let there = true;
  const rt = on({
    network: async () => (there ? one : undefined),
    containers: async (filter) => (there && filter.network !== undefined ? [...containers] : []),
    volumes: async () => [],
    images: async () => [],
    remove: async (id) => done.push(`remove ${id}`) > 0,
    disconnect: async (_network, id) => done.push(`disconnect ${id}`) > 0,
    removeNetwork: async (id) => {
      there = false;
      return done.push(`network ${id}`) > 0;
    },
  });
  return { done, rt };
}

const startedOn = (NetworkMode: string) => ({ HostConfig: { NetworkMode } });

describe("the Docker provider", () => {
  it("names a sandbox after the home", () => {
    expect(name).toMatch(/^labs-[0-9a-f]{6}$/);
  });

  it("removes what was started on the network, and only takes off what was connected later", async () => {
    const { done, rt } = engine(network({}), [
      fakeContainer({ name: "by-name", raw: startedOn(name) }),
      fakeContainer({ name: "by-id", raw: startedOn("0123456789ab") }),
      fakeContainer({ name: "labelled", labels, raw: startedOn("bridge") }),
      fakeContainer({ name: "foreign", raw: startedOn("bridge") }),
    ]);
    await expect(dockerProvider.remove(rt, name)).resolves.toBe(true);
    expect(done.sort()).toEqual([
      "disconnect id-of-foreign",
      `network ${name}`,
      "remove id-of-by-id",
      "remove id-of-by-name",
      "remove id-of-labelled",
    ]);
  });

  it("leaves a network of that name alone when it is not ours", async () => {
    const { done, rt } = engine(network({ labels: {} }), [fakeContainer({ name: "theirs", raw: startedOn(name) })]);
    await expect(dockerProvider.remove(rt, name)).resolves.toBe(false);
    expect(done).toEqual([]);
    await expect(dockerProvider.prepare(rt, { provider: "docker" }, () => undefined)).rejects.toMatchObject({
      exitCode: 3,
      message: `the Docker network ${name} exists and is not ours`,
    });
  });

  it.each(["bridge", "labs-abc123-2w", ""])("removes nothing named %j", async (other) => {
    await expect(dockerProvider.remove(on({}), other)).resolves.toBe(false);
  });

  it("refuses a network that is open to the outside", async () => {
    const { rt } = engine(network({ internal: false }), []);
    await expect(dockerProvider.open(rt, name)).rejects.toMatchObject({ exitCode: 3, cure: "labs down" });
  });

  it("says how to get a missing image", async () => {
    const rt = on({ network: async () => network({}), image: async () => undefined });
    await expect(dockerProvider.open(rt, name)).rejects.toMatchObject({ exitCode: 3, cure: "labs setup" });
  });

  it("lists by label, without kind's sandboxes, also what lost its network", async () => {
    const other = "labs-00aa11";
    const rt = on({
      networks: async () => [network({}), network({ labels: { "dev.labs.sandbox": `${name}-0w` } })],
      containers: async () => [fakeContainer({ name: "left", labels: { "dev.labs.sandbox": other } })],
    });
    await expect(dockerProvider.list(rt, "all")).resolves.toEqual([other, name].sort());
  });
});
