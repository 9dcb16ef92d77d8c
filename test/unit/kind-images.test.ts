import { expect, it } from "vitest";
import type { KubeObject } from "../../src/kube/kube.ts";
import { loadImages } from "../../src/sandbox/kind/load-image.ts";
import { fakeDocker } from "../fakes/docker.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

const tools = { kind: "/opt/kind", nodeImage: "labs/node:v1", goAppImage: "labs/go-app:v1" };
const names = [tools.goAppImage, "labs/debian:13"];

/** Loads images into a node whose cluster has these annotations; what was sent, and the annotations after that. */
async function load(annotations: Readonly<Record<string, string>>, there: readonly string[] = names) {
  const sent: unknown[] = [];
  const patched: unknown[] = [];
  const docker = fakeDocker([], {
    image: async (name) =>
      there.includes(name) ? { id: `id of ${name}`, sizeBytes: 1, user: "", labels: {} } : undefined,
    saveImage: async (name) => Buffer.from(name),
    exec: async (node, _argv, options) => {
      sent.push([node, options?.input?.toString()]);
      return { exitCode: 0, stdout: "", stderr: "" };
    },
  });
  const namespace: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "labs-system", annotations } };
  const kube = fakeKube([namespace], {
    patch: async (_ref, change) => {
      patched.push(change);
      return namespace;
    },
  });
  await loadImages(fakeRuntime({ docker: async () => docker }), kube, ["n0"], tools, names);
  return { sent, patched };
}

const service = { "dev.labs/go-app-image": "id of labs/go-app:v1" };

it("sends what the nodes lack or have another one of, and remembers all that they have", async () => {
  const others = (ids: Readonly<Record<string, string>>) => ({ ...service, "dev.labs/images": JSON.stringify(ids) });
  const both = others({ "labs/debian:13": "id of labs/debian:13" });
  const debian = { sent: [["n0", "labs/debian:13"]], patched: [{ metadata: { annotations: both } }] };
  expect(await load(service)).toEqual(debian);
  expect(await load(others({ "labs/debian:13": "another" }))).toEqual(debian);
  expect(await load({ ...service, "dev.labs/images": "{" })).toEqual(debian);
  expect(await load(both)).toEqual({ sent: [], patched: [] });
  const kept = { "labs/busybox:1.37": "1", "labs/debian:13": "id of labs/debian:13" };
  expect((await load(others({ "labs/busybox:1.37": "1" }))).patched).toEqual([
    { metadata: { annotations: others(kept) } },
  ]);
});

it("is an error with its cure where the engine does not have one", async () => {
  await expect(load(service, [tools.goAppImage])).rejects.toMatchObject({
    exitCode: 3,
    message: "image labs/debian:13 is not there",
    cure: "labs setup",
  });
});
