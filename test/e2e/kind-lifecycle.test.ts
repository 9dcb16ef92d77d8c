import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newLearner, type Learner } from "./learner.ts";

// One lab through its whole life, as a learner types it; the tests build on each other.
describe("probes-storm, from start to down", { timeout: 420_000 }, () => {
  let me: Learner;
  let before: string[];

  beforeAll(async () => {
    me = await newLearner();
    before = await me.engineState();
  });
  afterAll(() => me.leave());

  test("starts with the symptom in sight", async () => {
    const { exitCode, stdout, stderr } = await me.labs("start", "probes-storm", "--seed", "e2e");
    expect(stderr).toContain("✓ Wait for the symptom");
    expect(stdout).toMatch(/restart/);
    expect(stdout).toContain("labs verify");
    expect(exitCode).toBe(0);
    await me.expectUntouched();
  });

  test("says that it runs, and lets no second lab in", async () => {
    const again = await me.labs("start", "probes-storm");
    expect(again.stderr).toContain("running already");
    expect(again.exitCode).toBe(0);
    const other = await me.labs("start", "gomaxprocs-throttling");
    expect(other.stderr).toContain("labs stop");
    expect(other.exitCode).toBe(2);
  });

  test("has no way out of the sandbox", async () => {
    const { stdout } = await me.shell(
      "kubectl -n shop run way-out --image labs/go-app:v1 --restart Never --image-pull-policy Never --attach --quiet --command -- /app probe --timeout 3s http://192.0.2.1/ || echo refused",
    );
    expect(stdout).toContain("refused");
    const name = await me.shell(
      "kubectl -n shop run name-out --image labs/go-app:v1 --restart Never --image-pull-policy Never --attach --quiet --command -- /app probe --timeout 5s dns:example.com || echo unknown",
    );
    expect(name.stdout).toContain("unknown");
  });

  test("kubectl works in the lab's namespace by itself, until the learner goes elsewhere", async () => {
    const where = "kubectl config view --minify -o 'jsonpath={..namespace}'";
    expect((await me.shell(where)).stdout).toBe("shop");
    await me.shell("kubectl config set-context --current --namespace kube-system");
    expect((await me.labs("status")).exitCode).toBe(0);
    expect((await me.shell(where)).stdout).toBe("kube-system");
  });

  test("tells what is not repaired, by experiment", async () => {
    const junit = join(me.home, "report.xml");
    const { exitCode, stdout } = await me.labs("verify", "--json", "--junit", junit);
    expect(exitCode).toBe(1);
    const result = JSON.parse(stdout);
    const failed = result.results.filter((one: { outcome: string }) => one.outcome === "fail");
    expect(failed.map((one: { id: string }) => one.id)).toEqual(["no-restarts"]);
    expect(await readFile(junit, "utf8")).toContain("<failure");
  });

  test("keeps the solution until it is solved, and gives hints", async () => {
    expect((await me.labs("solution")).exitCode).toBe(1);
    const hint = await me.labs("hint");
    expect(hint.exitCode).toBe(0);
    expect(hint.stdout.length).toBeGreaterThan(20);
  });

  test("rebuilds a damaged state file from the sandbox, and says so once", async () => {
    const file = join(me.state, "session.json");
    await writeFile(file, (await readFile(file, "utf8")).slice(0, 100));
    const first = await me.labs("status", "--json");
    expect(first.stderr).toContain("rebuilt");
    expect(JSON.parse(first.stdout)).toMatchObject({ lab: "probes-storm", phase: "running" });
    expect((await me.labs("status")).stderr).not.toContain("rebuilt");
  });

  test("accepts a repair that is not in the folder", async () => {
    // Both probes at their own endpoints, other periods, and a startup probe nobody asked for.
    await me.shell(`kubectl -n shop patch deployment payments --type=json -p '[
      {"op":"replace","path":"/spec/template/spec/containers/0/livenessProbe","value":
        {"httpGet":{"path":"/livez","port":8080},"periodSeconds":10,"failureThreshold":3}},
      {"op":"add","path":"/spec/template/spec/containers/0/startupProbe","value":
        {"httpGet":{"path":"/livez","port":8080},"periodSeconds":1,"failureThreshold":30}}]'
      kubectl -n shop rollout status deployment payments --timeout=120s`);
    const { exitCode, stdout } = await me.labs("verify");
    expect(stdout).toMatch(/solved/i);
    expect(exitCode).toBe(0);
    expect((await me.labs("solution")).exitCode).toBe(0);
  });

  test("names what was cleaned, and keeps the cluster warm", async () => {
    const made = await me.shell(`
      node=$(kubectl get nodes -o jsonpath='{.items[0].metadata.name}')
      kubectl taint nodes "$node" team=blue:PreferNoSchedule
      kubectl label nodes "$node" disk=fast
      kubectl create clusterrole nosy --verb=get --resource=secrets
      kubectl -n default create quota tight --hard=pods=100
      kubectl -n kube-system patch configmap kube-proxy --type merge -p '{"data":{"note":"mine"}}'
      kubectl create namespace leftover
      kubectl apply -f - <<'Y'
apiVersion: v1
kind: PersistentVolume
metadata: { name: stray }
spec: { capacity: { storage: 1Mi }, accessModes: [ReadWriteOnce], hostPath: { path: /tmp/stray }, storageClassName: none }
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: dead }
webhooks:
  - name: dead.example.com
    clientConfig: { service: { name: nobody, namespace: default, path: / } }
    rules: [{ apiGroups: ["apps"], apiVersions: ["*"], operations: ["*"], resources: ["deployments"] }]
    admissionReviewVersions: [v1]
    sideEffects: None
    failurePolicy: Fail
Y`);
    expect(made).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout } = await me.labs("stop");
    expect(exitCode).toBe(0);
    for (const name of ["team=blue", "disk", "nosy", "tight", "kube-proxy", "leftover", "stray", "dead"]) {
      expect(stdout).toContain(name);
    }
    expect(stdout).toContain("kept warm");
    expect((await me.labs("status")).exitCode).toBe(4);
  });

  test("leaves nothing behind after down", async () => {
    expect((await me.labs("down")).exitCode).toBe(0);
    expect(await me.engineState()).toEqual(before);
    await me.expectUntouched();
  });
});

describe("a sandbox that does not come clean", { timeout: 300_000 }, () => {
  let me: Learner;

  beforeAll(async () => {
    me = await newLearner();
  });
  afterAll(() => me.leave());

  test("is replaced by reset, and the lab is broken again in the new one", async () => {
    expect((await me.labs("start", "service-no-endpoints", "--seed", "e2e")).exitCode).toBe(0);
    const old = await me.shell("kubectl get namespace kube-system -o jsonpath='{.metadata.uid}'");
    const held = `kubectl -n shop create configmap held
      kubectl -n shop patch configmap held --type merge -p '{"metadata":{"finalizers":["example.com/never"]}}'`;
    expect((await me.shell(held)).exitCode).toBe(0);
    const { exitCode, stdout, stderr } = await me.labs("reset");
    expect(stderr).toContain("would not come clean");
    expect(stdout).toContain("labs verify");
    expect(exitCode).toBe(0);
    const now = await me.shell("kubectl get namespace kube-system -o jsonpath='{.metadata.uid}'");
    expect(now.exitCode).toBe(0);
    expect(now.stdout).not.toBe(old.stdout);
    expect((await me.labs("verify")).exitCode).toBe(1);
  });
});
