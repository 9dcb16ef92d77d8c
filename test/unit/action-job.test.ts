import { describe, expect, test } from "vitest";
import { job, jobEnd } from "../../src/experiments/actions/job.ts";
import { jobObject } from "../../src/experiments/actions/job-object.ts";
import { KubeError } from "../../src/kube/kube-error.ts";
import type { Kube, KubeObject } from "../../src/kube/kube.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment, fakePod } from "../fakes/workloads.ts";

const cronjob: KubeObject = {
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name: "deploy", namespace: "ci" },
  spec: {
    schedule: "@daily",
    jobTemplate: {
      metadata: { labels: { app: "deploy" } },
      spec: {
        backoffLimit: 0,
        template: {
          spec: {
            serviceAccountName: "deployer",
            containers: [{ name: "apply", env: [{ name: "RELEASE", value: "r42" }, { name: "B" }] }],
          },
        },
      },
    },
  },
};

/** What a run does to the cluster, once its Job is made. */
interface Behaviour {
  readonly fails?: boolean;
  readonly account?: string;
  /** The release that web carries afterwards; that of the run unless told otherwise. */
  readonly leaves?: string;
  readonly create?: Kube["create"];
  readonly logs?: Kube["logs"];
}

/** A call that the API server refuses. */
function refuse(status: number, message: string): () => Promise<never> {
  return async () => {
    throw new KubeError(message, { status });
  };
}

function releaseOf(made: KubeObject): string {
  return /"RELEASE","value":"([^"]+)"/.exec(JSON.stringify(made))?.[1] ?? "";
}

function web(release: string, status = {}): KubeObject {
  const annotations = { "dev.labs/release": release };
  const object = fakeDeployment("web", 1, status);
  const spec = Object(object["spec"]);
  const template = { ...spec.template, metadata: { ...spec.template.metadata, annotations } };
  return { ...object, metadata: { ...object.metadata, annotations }, spec: { ...spec, template } };
}

function podOf(name: string, account = "deployer", exitCode = 0): KubeObject {
  const labels = { "batch.kubernetes.io/job-name": name };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `${name}-x`, namespace: "ci", labels },
    spec: { serviceAccountName: account, containers: [{ name: "apply" }] },
    status: { phase: "Succeeded", containerStatuses: [{ state: { terminated: { exitCode } } }] },
  };
}

function scene({ fails = false, account = "deployer", leaves, create, logs }: Behaviour = {}, given = [cronjob]) {
  const objects: KubeObject[] = [...given, web("r41"), fakePod("web-1", { app: "web" })];
  const made: string[] = [];
  const order: string[] = [];
  const kube = fakeKube(objects, {
    logs: logs ?? (async () => "Error from server (Forbidden):\nno\n"),
    create:
      create ??
      (async (object) => {
        const release = releaseOf(object);
        made.push(release);
        order.push(`create ${object.kind}`);
        const conditions = [{ type: fails ? "Failed" : "Complete", status: "True" }];
        objects.push({ ...object, status: { conditions } }, podOf(object.metadata.name, account, fails ? 1 : 0));
        const at = objects.findIndex(({ kind }) => kind === "Deployment");
        if (!fails) objects[at] = web(leaves ?? release);
        return object;
      }),
  });
  const context = fakeActionContext({ sandbox: fakeKindSandbox({ kube }) });
  const journal: typeof context.journal = {
    open: async (entry) => {
      order.push(`journal ${entry.undo} ${String(entry.params["kind"])}`);
      return async () => undefined;
    },
  };
  return { context: { ...context, journal }, made, order, objects };
}

const params = (more = {}) =>
  job.params.parse({
    cronjob: "deploy",
    namespace: "ci",
    variable: "RELEASE",
    proves: { workload: "deployment/web", namespace: "shop" },
    within: "5s",
    ...more,
  });

describe("job", () => {
  test("is written down before it is made, and run once for each release", async () => {
    const { context, made, order } = scene();
    const outcome = await job.run?.(params({ releases: ["a", "b", "a"], account: "deployer" }), context);
    const [a, b, again] = made;
    expect(outcome).toMatchObject({
      finished: true,
      detail: `deployment/web in shop carried ${a}, then ${b}, then ${a}`,
    });
    expect(a).toMatch(/^r-[0-9a-f]{8}$/);
    expect([again, a === b]).toEqual([a, false]);
    expect(order.slice(0, 2)).toEqual(["journal remove-object Job", "create Job"]);
  });

  test("tells how a run failed, and makes no other", async () => {
    const { context, made } = scene({ fails: true });
    expect(await job.run?.(params({ releases: ["a", "b"] }), context)).toMatchObject({
      finished: false,
      detail: "run 1 of 2: it failed (exit code 1): Error from server (Forbidden): no",
    });
    expect(made).toHaveLength(1);
  });

  test.each([
    [{ leaves: "r41" }, {}, /^deployment\/web in shop carries r41, not r-/],
    [{}, { proves: { workload: "deployment/web", namespace: "other" } }, /^deployment\/web in other does not exist$/],
    [{ account: "default" }, { account: "deployer" }, /^it ran as service account default, not deployer$/],
  ])("is not finished by exit code 0: %j", async (behaviour, more, detail) => {
    const { context } = scene(behaviour);
    expect(await job.run?.(params(more), context)).toMatchObject({
      finished: false,
      detail: expect.stringMatching(detail),
    });
  });

  test("waits for the rollout of what was deployed", async () => {
    const { context, objects } = scene();
    const pod = objects.findIndex(({ metadata }) => metadata.name === "web-1");
    objects[pod] = fakePod("web-1", { app: "web", ready: false });
    expect(await job.run?.(params(), context)).toMatchObject({
      finished: false,
      detail: expect.stringContaining("deployment/web in shop is not rolled out: pod/web-1 is not ready"),
    });
  });

  test("needs the CronJob, and one that can be run", async () => {
    expect(await job.run?.(params(), scene({}, []).context)).toMatchObject({
      finished: false,
      detail: "cronjob/deploy does not exist in ci",
    });
    expect(await job.run?.(params(), scene({ create: refuse(403, "exceeded quota") }).context)).toMatchObject({
      finished: false,
      detail: "no job could be made of it: exceeded quota",
    });
    await expect(job.run?.(params(), scene({ create: refuse(500, "exceeded quota") }).context)).rejects.toThrow(
      "exceeded quota",
    );
  });

  test("says how a run stands that does not end", async () => {
    const { context } = scene({ create: async (object) => object });
    expect(await job.run?.(params(), context)).toMatchObject({
      finished: false,
      detail: expect.stringMatching(/^not over after 5 s: job\/deploy-[0-9a-f]{6} is gone$/),
    });
  });
});

describe("the Job of a CronJob", () => {
  const place = { name: "deploy-1", namespace: "ci" };

  test("is what kubectl makes of it, without an owner", () => {
    const made = jobObject(cronjob, place, { name: "RELEASE", value: "r-1" });
    expect(made.metadata).toEqual({
      ...place,
      labels: { app: "deploy" },
      annotations: { "cronjob.kubernetes.io/instantiate": "manual" },
    });
    expect(made["spec"]).toMatchObject({
      backoffLimit: 0,
      template: { spec: { containers: [{ env: [{ name: "RELEASE", value: "r-1" }, { name: "B" }] }] } },
    });
  });

  test("has a variable that was not set in front of the others", () => {
    const made = jobObject(cronjob, place, { name: "A", value: "1" });
    expect(JSON.stringify(made)).toContain('"env":[{"name":"A","value":"1"},{"name":"RELEASE","value":"r42"}');
  });
});

describe("the end of a Job", () => {
  const place = { name: "deploy-1", namespace: "ci" };
  const running: KubeObject = { apiVersion: "batch/v1", kind: "Job", metadata: place };
  const failed = { ...running, status: { conditions: [{ type: "Failed", status: "True" }] } };

  test("is open while it has no pod, or one that runs", async () => {
    expect(await jobEnd(fakeKube([running]), place)).toBe("job/deploy-1 has no pod");
    const pod = { ...podOf("deploy-1"), status: { phase: "Pending" } };
    expect(await jobEnd(fakeKube([running, pod]), place)).toBe("pod/deploy-1-x: Pending");
  });

  test("may come without a pod, or without a log", async () => {
    expect(await jobEnd(fakeKube([failed]), place)).toMatchObject({ failed: true, exit: "no pod" });
    const objects = [failed, podOf("deploy-1", "deployer", 1)];
    expect(await jobEnd(fakeKube(objects, { logs: refuse(400, "waiting to start") }), place)).toMatchObject({
      exit: 1,
      log: "",
    });
    await expect(jobEnd(fakeKube(objects, { logs: refuse(500, "waiting to start") }), place)).rejects.toThrow(
      "waiting to start",
    );
  });
});
