import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { topologyHash } from "../../src/lab/topology.ts";
import { homeId } from "../../src/sandbox/home-id.ts";
import { newLearner, type Learner } from "./learner.ts";
import { describeOtherNetwork, otherNetwork, type OtherNetwork } from "./other-network.ts";

describeOtherNetwork("an engine whose ports are published in another network", { timeout: 600_000 }, () => {
  let me: Learner;
  let away: OtherNetwork;
  let before: string[];
  let cluster: string;

  beforeAll(async () => {
    [me, away] = await Promise.all([newLearner(), otherNetwork()]);
    before = await me.engineState();
    const topology = topologyHash({ provider: "kind", workers: 0, fresh: false });
    cluster = `labs-${homeId({ paths: { home: me.state } })}-${topology}`;
  });
  afterAll(async () => {
    // Both, whatever one of them meets.
    await Promise.allSettled([away?.leave(), me?.leave()]);
  });

  const server = async (): Promise<string | undefined> =>
    /server: (\S+)/.exec(await readFile(join(me.state, "kubeconfig"), "utf8"))?.[1];

  test("does for Docker labs, which reach containers through the engine alone", async () => {
    const started = await away.labs(me, "start", "gomaxprocs-throttling");
    expect(started).toMatchObject({ exitCode: 0 });
    expect(await away.labs(me, "stop")).toMatchObject({ exitCode: 0 });
    expect(await me.engineState()).toEqual(before);
  });

  test("is said with the cure, and leaves nothing", async () => {
    const { exitCode, stderr } = await away.labs(me, "start", "service-no-endpoints");
    expect(stderr).toMatch(
      /error: the API server of cluster \S+ cannot be reached from here \(tried 127\.0\.0\.1:\d+ and [\d.]+:6443\)/,
    );
    expect(stderr).toMatch(/next: .*--network=host/);
    expect(exitCode).toBe(3);
    expect(await me.labs("status")).toMatchObject({ exitCode: 4 });
    expect(await me.engineState()).toEqual(before);
  });

  test("does for clusters too where the node's own address leads there", async () => {
    const joined = away.join(cluster);
    const [started] = await Promise.all([away.labs(me, "start", "service-no-endpoints"), joined]);
    expect(started).toMatchObject({ exitCode: 0 });
    expect(await server()).toMatch(/^https:\/\/[\d.]+:6443$/);
    expect(await away.labs(me, "shell", "kubectl", "get", "nodes", "--output", "name")).toMatchObject({
      stdout: `node/${cluster}-control-plane`,
    });
    // Back on the engine's own machine it is the published port again.
    expect(await me.labs("verify")).toMatchObject({ exitCode: 1 });
    expect(await server()).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(await me.labs("stop")).toMatchObject({ exitCode: 0 });
  });
});
