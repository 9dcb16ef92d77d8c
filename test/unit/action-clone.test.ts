import { describe, expect, test } from "vitest";
import { clone } from "../../src/experiments/actions/clone.ts";
import { clonePod } from "../../src/experiments/actions/place/copies.ts";
import { clonePort } from "../../src/system/service-endpoints.ts";
import type { ContainerSpec } from "../../src/docker/docker.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeDockerSandbox, fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment, fakePod } from "../fakes/workloads.ts";

function scene(ready: boolean) {
  const order: string[] = [];
  const objects: KubeObject[] = [fakeDeployment("payments", 1)];
  const kube = fakeKube(objects, {
    create: async (object) => {
      order.push("create");
      objects.push(object, fakePod(object.metadata.name, { ready }));
      objects.splice(1, 1);
      return object;
    },
  });
  const context = fakeActionContext({ sandbox: fakeKindSandbox({ kube }) });
  const journal = {
    open: async (entry: Parameters<typeof context.journal.open>[0]) => {
      order.push(`journal ${entry.undo} ${String(entry.params["name"])}`);
      return async () => undefined;
    },
  };
  return { order, context: { ...context, journal } };
}

describe("clone in a cluster", () => {
  test("is written down before it is made, and ready when it is used", async () => {
    const { order, context } = scene(true);
    const outcome = await clone.run?.(clone.params.parse({ of: "deployment/payments", drop: "cpu-limit" }), context);
    const [name = ""] = outcome?.targets ?? [];
    expect(name).toMatch(/^payments-clone-[0-9a-f]{6}$/);
    expect(order).toEqual([`journal remove-object ${name}`, "create"]);
    expect(outcome).toMatchObject({ finished: true, data: { target: `pod/${name}` } });
  });

  test("says why it did not start", async () => {
    const { context } = scene(false);
    const outcome = await clone.run?.(clone.params.parse({ of: "deployment/payments", within: "5s" }), context);
    expect(outcome).toMatchObject({
      finished: false,
      detail: expect.stringMatching(
        /^the clone of deployment\/payments did not start: pod\/payments-clone-.* is not ready/,
      ),
    });
  });

  test("leaves out what it is told, and nothing of the learner selects it", () => {
    const { spec } = fakeDeployment("payments", 1);
    const template = Object(spec).template;
    const place = { name: "payments-clone-1", namespace: "shop" };
    const drop = { cpuLimit: true, env: ["GOMAXPROCS"] };
    expect(clonePod(template, place, drop)).toEqual({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...place, labels: { "dev.labs/clone": "payments-clone-1" } },
      spec: {
        activeDeadlineSeconds: 900,
        containers: [
          {
            name: "main",
            image: "labs/go-app:v1",
            env: [{ name: "PORT", value: "8080" }],
            resources: { limits: { memory: "64Mi" }, requests: { cpu: "100m" } },
          },
        ],
      },
    });
    expect(clonePod(template, place, { cpuLimit: false, env: [] })["spec"]).toEqual({
      ...template.spec,
      activeDeadlineSeconds: 900,
    });
  });
});

async function cloned(drop: unknown): Promise<ContainerSpec> {
  const specs: ContainerSpec[] = [];
  const original = fakeContainer({
    name: "labs-abc123-api",
    args: ["serve"],
    env: { GOMAXPROCS: "16", WORK_MS: "200" },
    nanoCpus: 1e9,
    memoryBytes: 64e6,
    labels: { theirs: "yes" },
    raw: { Config: { User: "65532" }, HostConfig: {} },
  });
  const containers = [original];
  const docker = fakeDocker(containers, {
    run: async (spec) => {
      specs.push(spec);
      const made = fakeContainer({ name: spec.name });
      containers.push(made);
      return made;
    },
  });
  const context = fakeActionContext({ sandbox: fakeDockerSandbox({ docker }) });
  await clone.run?.(clone.params.parse({ of: "container/api", drop }), context);
  expect(context.noted.opened).toMatchObject([{ undo: "remove-container", params: { name: specs[0]?.name } }]);
  const [spec] = specs;
  if (spec === undefined) throw new Error("nothing was cloned");
  return spec;
}

describe("clone of a container", () => {
  test("keeps everything but the limit", async () => {
    expect(await cloned("cpu-limit")).toEqual({
      name: expect.stringMatching(/^labs-abc123-api-clone-/),
      network: "labs-abc123",
      aliases: [expect.stringMatching(/^api-clone-/)],
      image: "sha256:1111",
      args: ["serve"],
      entrypoint: ["/app"],
      env: { GOMAXPROCS: "16", WORK_MS: "200" },
      labels: { "dev.labs.home": "abc123", "dev.labs.sandbox": "labs-abc123" },
      memoryBytes: 64e6,
      user: "65532",
    });
  });

  test("can leave out variables too", async () => {
    const spec = await cloned(["env GOMAXPROCS"]);
    expect(spec.env).toEqual({ WORK_MS: "200" });
    expect(spec.cpus).toBe(1);
  });

  test("refuses to drop what it does not know", () => {
    expect(clone.params.safeParse({ of: "container/api", drop: "memory" }).success).toBe(false);
  });
});

const service = (targetPort: unknown): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "checkout", namespace: "shop" },
  spec: {
    ports: [
      { port: 9000, targetPort: 1 },
      { port: 80, targetPort },
    ],
  },
});

describe("clonePort", () => {
  const pod = fakePod("c");
  pod["spec"] = { containers: [{ name: "main", ports: [{ name: "http", containerPort: 8081 }] }] };
  const ask = (targetPort: unknown, params: Record<string, unknown>) => {
    const kube = fakeKube([service(targetPort), pod]);
    return clonePort({ sandbox: fakeKindSandbox({ kube }), namespace: "shop" }, params, "pod/c");
  };

  test("is what the Service's port leads to", async () => {
    expect(await ask(8080, { to: "service/checkout" })).toEqual({ port: 8080 });
    expect(await ask("http", { to: "service/checkout" })).toEqual({ port: 8081 });
    expect(await ask(8080, { to: "service/checkout", port: 9000 })).toEqual({ port: 1 });
    expect(await ask(8080, { to: "deployment/payments", port: 8080 })).toEqual({});
  });

  test("is an error when the clone does not have it", async () => {
    await expect(ask("grpc", { to: "service/checkout" })).rejects.toThrow("the clone has no port named grpc");
  });
});
