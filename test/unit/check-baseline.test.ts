import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { stageIntact } from "../../src/checks/guards/stage-intact.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import { captureBaseline } from "../../src/sandbox/baseline/capture.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeKindAgent, kubeWithAgent, manifests } from "../fakes/kind-agent.ts";
import { fakeKube } from "../fakes/kube.ts";
import { runCheck } from "../fakes/run-check.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeSession } from "../fakes/session.ts";

const corefile: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "coredns", namespace: "kube-system" },
  data: { Corefile: "." },
};
const proxy: KubeObject = { ...corefile, metadata: { name: "kube-proxy", namespace: "kube-system" } };
const node: KubeObject = { apiVersion: "v1", kind: "Node", metadata: { name: "n1", labels: { a: "b" } }, spec: {} };
const cluster = [corefile, proxy, node];

const agent = await fakeKindAgent();
const home = mkdtempSync(path.join(tmpdir(), "labs-baseline-test-"));

/** A cluster in its present state, whose home remembers the state before the lab. */
function context(live: readonly KubeObject[], lab: readonly KubeObject[] = []) {
  const rt = fakeRuntime();
  return fakeCheckContext([], {
    rt: { ...rt, paths: { ...rt.paths, home, manifests } },
    sandbox: fakeKindSandbox({ kube: kubeWithAgent([...live, ...agent]) }),
    session: fakeSession({ reference: { provider: "kind", stage: [], base: lab } }),
  });
}

beforeAll(async () => {
  const baseline = await captureBaseline(fakeKube(cluster));
  mkdirSync(path.join(home, "sandboxes"));
  writeFileSync(path.join(home, "sandboxes", "labs-abc123-0w.json"), JSON.stringify(baseline));
});

afterAll(() => rmSync(home, { recursive: true }));

it("takes DNS for a part of the stage", async () => {
  expect((await stageIntact(context(cluster))).outcome).toBe("pass");
  const edited = { ...corefile, data: { Corefile: "other" } };
  expect((await stageIntact(context([edited, proxy, node]))).observed).toContain(
    "configmap/coredns in kube-system is not as it was before the lab",
  );
  expect((await stageIntact(context([proxy, node]))).observed).toContain("configmap/coredns in kube-system is gone");
});

it("leaves alone what the lab itself brought", async () => {
  const edited = { ...corefile, data: { Corefile: "other" } };
  expect((await stageIntact(context([edited, proxy, node], [corefile]))).outcome).toBe("pass");
});

function keep(...keywords: string[]) {
  return { type: "preserve", keep: keywords };
}

it("keeps kube-system and nodes as they were before the lab", async () => {
  expect((await runCheck(keep("kube-system", "nodes"), context(cluster))).outcome).toBe("pass");
  const other = { ...proxy, data: {} };
  expect((await runCheck(keep("kube-system"), context([corefile, other, node]))).outcome).toBe("fail");
  const tainted = { ...node, spec: { taints: [{ key: "x", effect: "NoSchedule" }] } };
  expect((await runCheck(keep("nodes"), context([corefile, proxy, tainted]))).outcome).toBe("fail");
});
