import { readFile, writeFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { connectKube } from "../../src/kube/client.ts";
import type { WatchEvent } from "../../src/kube/kube.ts";
import { startApiServer, type Scripted } from "../fakes/api-server.ts";

const maps = "/api/v1/namespaces/shop/configmaps";
const closing: (() => Promise<void>)[] = [];

function map(resourceVersion: string, name = "a") {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "shop", uid: name, resourceVersion } };
}

function refusal(status: number, reason: string) {
  return { status, body: { kind: "Status", status: "Failure", message: `refused: ${reason}`, reason, code: status } };
}

function throwing(): never {
  throw new Error("listener");
}

const from = (version: string): string =>
  `GET ${maps}?watch=true&resourceVersion=${version}&allowWatchBookmarks=true&timeoutSeconds=60`;
const listed = (version: string, ...items: object[]) => ({ body: { metadata: { resourceVersion: version }, items } });

async function connect(script: Record<string, Scripted[]>) {
  const server = await startApiServer(script);
  closing.push(() => server.close());
  const kube = await connectKube(server.kubeconfig);
  return { server, kube };
}

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe("a client", () => {
  it("returns undefined for an object that is not there", async () => {
    const { kube } = await connect({ [`GET ${maps}/a`]: [refusal(404, "NotFound")] });
    await expect(kube.get({ kind: "ConfigMap", name: "a", namespace: "shop" })).resolves.toBeUndefined();
  });

  it("throws status, reason and the server's own words", async () => {
    const { kube } = await connect({ [`POST ${maps}`]: [refusal(403, "Forbidden")] });
    const error = await kube.create({ ...map("1") }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "KubeError", status: 403, reason: "Forbidden", unreachable: false });
    expect(String(error)).toContain("refused: Forbidden");
  });

  it("has no connection open once it is closed, and makes new ones after that", async () => {
    const answers = Array.from({ length: 3 }, () => ({ body: {} }));
    const { server, kube } = await connect({ "GET /version": answers });
    await kube.request("GET", "/version");
    await kube.withToken("second").request("GET", "/version");
    expect(await server.connections()).toBe(2);
    await kube.close();
    await expect.poll(() => server.connections(), { timeout: 20_000 }).toBe(0);
    await expect(kube.request("GET", "/version")).resolves.toMatchObject({ status: 200 });
    await kube.close();
  });

  it("keeps its connections for the next calls", async () => {
    const calls = Array.from({ length: 20 }, () => ({ body: {} }));
    const { server, kube } = await connect({ "GET /version": [...calls] });
    await calls.reduce(
      async (before) => before.then(async () => void (await kube.request("GET", "/version"))),
      Promise.resolve(),
    );
    // A call that comes right behind another may find its connection busy still.
    expect(server.accepted()).toBeLessThanOrEqual(2);
    expect(server.seen).toHaveLength(20);
  });

  it("makes another connection when the kept one was closed", async () => {
    const { server, kube } = await connect({ "GET /version": [{ body: {} }, { body: {} }] });
    await kube.request("GET", "/version");
    server.closeIdle();
    await expect.poll(() => server.connections()).toBe(0);
    await expect(kube.request("GET", "/version")).resolves.toMatchObject({ status: 200 });
  });

  it("is unreachable, not refused, when the server does not answer in time", async () => {
    const { kube } = await connect({ "GET /slow": [{ hang: true }] });
    const started = performance.now();
    const error = await kube.request("GET", "/slow", { timeoutMs: 200 }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ unreachable: true, status: undefined });
    expect(String(error)).toContain("no answer within 0.2 s");
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it("is unreachable when nothing listens", async () => {
    const { server, kube } = await connect({});
    await server.close();
    closing.length = 0;
    await expect(kube.request("GET", "/version")).rejects.toMatchObject({ unreachable: true });
    await expect(kube.ready()).resolves.toBe(false);
  });

  it("gives list items the kind that only the list carries", async () => {
    const { kube } = await connect({
      "GET /apis/autoscaling/v2/horizontalpodautoscalers?labelSelector=a%3Db": [
        { body: { metadata: { resourceVersion: "5" }, items: [{ metadata: { name: "web", namespace: "shop" } }] } },
      ],
    });
    const list = await kube.list({ kind: "HorizontalPodAutoscaler", labelSelector: "a=b" });
    expect(list).toEqual([
      { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", metadata: { name: "web", namespace: "shop" } },
    ]);
  });

  it("says which kind is unknown, also where a group's server is down", async () => {
    const { kube } = await connect({});
    await expect(kube.list({ kind: "PodMetrics" })).rejects.toMatchObject({ status: 404, reason: "NoKindMatch" });
  });

  it("deletes by uid and takes another object of that name for gone", async () => {
    const { server, kube } = await connect({ [`DELETE ${maps}/a`]: [refusal(409, "Conflict")] });
    const gone = await kube.delete({ kind: "configmap", name: "a", namespace: "shop" }, { uid: "u", graceSeconds: 0 });
    expect(gone).toBe(false);
    expect(server.seen[0]?.body).toMatchObject({ preconditions: { uid: "u" }, gracePeriodSeconds: 0 });
  });

  it("passes times, and fields and names that the library does not expect, as they are", async () => {
    const object = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "A", namespace: "shop", creationTimestamp: "2026-11-20T10:00:00Z" },
      newer: { than: "the library" },
    };
    const { server, kube } = await connect({
      [`POST ${maps}`]: [({ body }) => ({ status: 201, body })],
      [`GET ${maps}/A`]: [{ body: object }],
      [`GET ${maps}`]: [{ body: { apiVersion: "v1", kind: "ConfigMapList", metadata: {}, items: [object] } }],
    });
    await expect(kube.create(object)).resolves.toEqual(object);
    expect(server.seen[0]?.body).toEqual(object);
    await expect(kube.get({ kind: "ConfigMap", name: "A", namespace: "shop" })).resolves.toEqual(object);
    await expect(kube.list({ kind: "ConfigMap", namespace: "shop" })).resolves.toEqual([object]);
  });

  it("patches a subresource with a list of operations", async () => {
    const { server, kube } = await connect({ [`PATCH ${maps}/a/status`]: [{ body: map("2") }] });
    const patch = [{ op: "remove", path: "/status/x" }];
    await kube.patch({ kind: "ConfigMap", name: "a", namespace: "shop" }, patch, "json", "status");
    expect(server.seen[0]?.body).toEqual(patch);
    expect(server.seen[0]?.headers["content-type"]).toBe("application/json-patch+json");
  });

  it("ends a request that is interrupted", async () => {
    const { kube } = await connect({ "GET /slow": [{ hang: true }] });
    const signal = AbortSignal.timeout(50);
    await expect(kube.request("GET", "/slow", { signal })).rejects.toThrow("interrupted");
  });

  it("runs no credential plugin", async () => {
    const { server } = await connect({});
    const text = await readFile(server.kubeconfig, "utf8");
    await writeFile(server.kubeconfig, text.replace('"token":"first"', '"exec":{"command":"false"}'));
    await expect(connectKube(server.kubeconfig)).rejects.toThrow("needs a credential plugin");
  });

  it("speaks as another identity", async () => {
    const { server, kube } = await connect({ "GET /x": [{ body: {} }, { body: {} }] });
    await kube.request("GET", "/x");
    await kube.withToken("second").request("GET", "/x");
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer first", "Bearer second"]);
  });
});

describe("apply", () => {
  it("replaces with the live version, and again after a conflict", async () => {
    const { server, kube } = await connect({
      [`POST ${maps}`]: [refusal(409, "AlreadyExists"), refusal(409, "AlreadyExists")],
      [`GET ${maps}/a`]: [{ body: map("7") }, { body: map("8") }],
      [`PUT ${maps}/a`]: [refusal(409, "Conflict"), ({ body }) => ({ body })],
    });
    const wanted = { ...map("1"), data: { k: "v" } };
    await kube.apply(wanted);
    const puts = server.seen.filter(({ call }) => call.startsWith("PUT"));
    expect(puts.map(({ body }) => body)).toMatchObject([
      { metadata: { resourceVersion: "7" }, data: { k: "v" } },
      { metadata: { resourceVersion: "8" }, data: { k: "v" } },
    ]);
    expect(server.unlisted).toEqual([]);
  });

  it("gives up on a refusal that is no conflict", async () => {
    const { kube } = await connect({
      [`POST ${maps}`]: [refusal(409, "AlreadyExists")],
      [`GET ${maps}/a`]: [{ body: map("7") }],
      [`PUT ${maps}/a`]: [refusal(422, "Invalid")],
    });
    await expect(kube.apply(map("1"))).rejects.toMatchObject({ status: 422 });
  });
});

describe("watch", () => {
  it("goes on from the last version, and lists again after 410 without repeating itself", async () => {
    const { server, kube } = await connect({
      [`GET ${maps}`]: [listed("10", map("1")), listed("30", map("20"), map("25", "c"))],
      [from("10")]: [{ lines: [{ type: "ADDED", object: map("11", "b") }] }],
      [from("11")]: [{ lines: [{ type: "BOOKMARK", object: { metadata: { resourceVersion: "15" } } }] }],
      [from("15")]: [refusal(410, "Expired")],
      [from("30")]: [{ lines: [{ type: "DELETED", object: map("31", "c") }] }],
      [from("31")]: [{ hang: true }],
    });
    const events: string[] = [];
    const stop = new AbortController();
    const onEvent = ({ type, object }: WatchEvent): void => {
      events.push(`${type} ${object.metadata.name}`);
      if (events.length === 6) stop.abort();
    };
    await kube.watch({ kind: "ConfigMap", namespace: "shop" }, onEvent, stop.signal);
    expect(events).toEqual(["ADDED a", "ADDED b", "DELETED b", "MODIFIED a", "ADDED c", "DELETED c"]);
    expect(server.unlisted).toEqual([]);
  });

  it("throws a refusal instead of asking forever", async () => {
    const { kube } = await connect({ [`GET ${maps}`]: [refusal(403, "Forbidden")] });
    const watching = kube.watch(
      { kind: "ConfigMap", namespace: "shop" },
      () => undefined,
      new AbortController().signal,
    );
    await expect(watching).rejects.toMatchObject({ status: 403 });
  });

  it("ends with its signal also while the server has not answered", async () => {
    const { server, kube } = await connect({ [`GET ${maps}`]: [listed("10")], [from("10")]: [{ mute: true }] });
    const stop = new AbortController();
    const watching = kube.watch({ kind: "ConfigMap", namespace: "shop" }, () => undefined, stop.signal);
    await expect.poll(() => server.seen.length).toBe(2);
    // Those of discovery and of the list are kept for a while.
    const open = await server.connections();
    stop.abort();
    await watching;
    await expect.poll(() => server.connections()).toBe(open - 1);
  });

  it("passes on what its listener throws", async () => {
    const { kube } = await connect({ [`GET ${maps}`]: [listed("10", map("1"))], [from("10")]: [{ hang: true }] });
    const watching = kube.watch({ kind: "ConfigMap", namespace: "shop" }, throwing, new AbortController().signal);
    await expect(watching).rejects.toThrow("listener");
  });
});
