import { describe, expect, it } from "vitest";
import { versions } from "../../src/images/versions.ts";
import { builtInKinds, kindsOf } from "../../src/kube/built-in-kinds.ts";
import { problemText } from "../../src/lab/problem.ts";
import { clusterScoped } from "../../src/lab/rules/cluster-scoped.ts";
import { completeTexts } from "../../src/lab/rules/complete-texts.ts";
import { hintCommandProblem, hintCommands, splitCommand } from "../../src/lab/rules/hint-commands.ts";
import { knownKinds } from "../../src/lab/rules/known-kinds.ts";
import { knownNames } from "../../src/lab/rules/known-names.ts";
import { manifestTraps } from "../../src/lab/rules/manifest-traps.ts";
import { noSpoilers } from "../../src/lab/rules/no-spoilers.ts";
import { provable } from "../../src/lab/rules/provable.ts";
import type { Rule } from "../../src/lab/rules/rule.ts";
import { sortProblems } from "../../src/lab/validate.ts";
import { deploymentYaml, labSource } from "../fakes/lab-folder.ts";

function breaches(
  rule: Rule,
  replacements: [string, string][],
  files: Record<string, string | undefined> = {},
): string[] {
  return sortProblems(rule(labSource(replacements, files))).map((found) => problemText(found));
}

describe("complete texts", () => {
  it("asks for story and debrief", () => {
    expect(breaches(completeTexts, [], { "README.md": " \n", "debrief.md": undefined })).toEqual([
      "debrief.md: the debrief is missing or empty",
      "README.md: the story is missing or empty",
    ]);
  });

  it("asks for hints that tell more and more", () => {
    expect(breaches(completeTexts, [["level: nudge", "level: command"]])).toEqual([
      "lab.yaml:24: there is no hint of level nudge",
      "lab.yaml:25: a hint of level command has a command",
      "lab.yaml:26: a where comes after a command: hints tell more and more",
    ]);
  });
});

describe("hint commands", () => {
  it.each([
    "kubectl -n shop get pdb",
    "docker exec ${sandbox}-api /app cgroup",
    "kubectl get pods -l 'app in (web, api)' -o wide",
    "kubectl --namespace shop rollout history deployment/web",
    "kubectl auth can-i list pods --as system:serviceaccount:shop:web",
    "docker inspect --format '{{.State.Health}}' api",
    "docker run --rm --network labs-1 labs/go-app:v1 probe http://api:8080/",
    "kubectl -n shop exec deploy/web -- cat /sys/fs/cgroup/cpu.stat",
  ])("takes %s", (command) => {
    expect(hintCommandProblem(command)).toBeUndefined();
  });

  it.each([
    ["kubectl -n shop delete pod web", '"kubectl delete" does more than look'],
    ["kubectl -n shop rollout restart deployment/web", '"kubectl rollout" does more than look'],
    ["kubectl get pods; kubectl delete ns shop", "is more than one plain command"],
    ["kubectl get pods | sh", "is more than one plain command"],
    ["kubectl get pods $(rm x)", "is more than one plain command"],
    ["curl http://x", 'starts with "curl", not with kubectl or docker'],
    ["kubectl -n shop", "has no verb"],
    ["kubectl exec web -- sh -c 'rm x'", "runs something that may do more than look"],
    ["docker run --rm x rm -rf /", "runs something that may do more than look"],
    ["docker run labs/go-app:v1 probe http://x", '"docker run" does more than look'],
  ])("refuses %s", (command, message) => {
    expect(hintCommandProblem(command)).toBe(message);
  });

  it("splits quotes as a shell does", () => {
    expect(splitCommand(`a 'b c' "d e"f g`)).toEqual(["a", "b c", "d ef", "g"]);
    expect(splitCommand("a 'b")).toBeUndefined();
  });

  it("are looked at in every hint", () => {
    expect(breaches(hintCommands, [["get pods", "label pods"]])).toEqual([
      'lab.yaml:28: the command "kubectl label" does more than look',
    ]);
  });
});

describe("what is proven", () => {
  it("asks for a bypass for each guard, and a variant or bypass for each objective", () => {
    expect(breaches(provable, [], { "bypasses/gone.sh": undefined })).toEqual([
      "lab.yaml:15: guard kept is not proven: no bypass is caught by it",
      "lab.yaml:23: objective rolls is not proven: no variant fails it and no bypass is caught by it",
    ]);
    expect(
      breaches(provable, [["fails: [answers]", "fails: [answers, kept]"]], {
        "bypasses/gone.sh": "# caught-by: rolls\n",
      }),
    ).toEqual(["lab.yaml:15: guard kept is not proven: no bypass is caught by it"]);
  });

  it("asks for a way to solve each variant", () => {
    expect(breaches(provable, [["  one:", "  two: { fault: [fault/one], fails: [answers] }\n  one:"]])).toEqual([
      "lab.yaml:11: no script in fixes/ is for this variant",
    ]);
  });

  it("asks a bypass, and no fix, what catches it", () => {
    expect(breaches(provable, [], { "bypasses/more.sh": "true\n", "fixes/again.sh": "# caught-by: kept\n" })).toEqual([
      "bypasses/more.sh:1: a bypass says what catches it: # caught-by: ID",
      "fixes/again.sh:1: a fix is not caught by anything",
    ]);
  });
});

describe("spoilers", () => {
  it("are found in names, labels, values and containers", () => {
    const withValue = deploymentYaml.replace('value: "${nonce}"', "value: Broken on purpose");
    expect(breaches(noSpoilers, [], { "base/web.yaml": withValue })).toEqual([
      'base/web.yaml:1: deployment/web: "Broken" tells that it is the cause',
    ]);
    expect(
      breaches(noSpoilers, [], { "base/web.yaml": deploymentYaml.replace("name: web,", "name: web-fix,") }),
    ).toEqual(['base/web.yaml:1: deployment/web-fix: "fix" tells that it is the cause']);
    expect(
      breaches(noSpoilers, [["base: [base]", "containers: [{ name: web, image: x, env: { MODE: wrong } }]"]]),
    ).toContain('lab.yaml:8: "wrong" tells that it is the cause');
  });

  it("are found in label names", () => {
    expect(
      breaches(noSpoilers, [], {
        "base/web.yaml": deploymentYaml.replace("namespace: shop", "namespace: shop, labels: { bug: x }"),
      }),
    ).toEqual(['base/web.yaml:1: deployment/web: "bug" tells that it is the cause']);
  });

  it("are no parts of other words, and only warned of in the story", () => {
    expect(breaches(noSpoilers, [], { "README.md": "The prefix of debugging\nis a fixture: fix it.\n" })).toEqual([
      'README.md:2: warning: "fix" may tell the learner too much',
    ]);
  });
});

const trap = (from: string, to: string) =>
  breaches(manifestTraps, [], { "base/web.yaml": deploymentYaml.replace(from, to) });

const budget = (value: string) =>
  breaches(manifestTraps, [], {
    "base/b.yaml": `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: web }\nspec: { minAvailable: ${value} }\n`,
  });

describe("traps", () => {
  it.each([
    ['value: "${nonce}"', "value: 8080", "container web: the value of NONCE needs quotes"],
    ["labels: { app: web }", "labels: { app: website }", "its selector's app is not on its pods"],
    [
      "image: labs",
      "imagePullPolicy: Always, image: labs",
      "container web pulls always: there is nothing to pull from",
    ],
    [
      "      containers:",
      "      nodeName: labs-worker\n      containers:",
      "names a node: the names of nodes differ between sandboxes",
    ],
  ])("%s -> %s", (from, to, message) => {
    expect(trap(from, to)).toEqual([`base/web.yaml:1: deployment/web ${message}`]);
  });

  it("does not stumble over values from elsewhere", () => {
    const more = "env: [{ name: A, valueFrom: { fieldRef: { fieldPath: metadata.name } } }, { name: B, value: 1 }]";
    expect(trap('env: [{ name: NONCE, value: "${nonce}" }]', more)).toEqual([
      "base/web.yaml:1: deployment/web container web: the value of B needs quotes",
    ]);
  });

  it("knows what a budget takes", () => {
    expect(budget('"3"')).toEqual([
      'base/b.yaml:1: poddisruptionbudget/web minAvailable "3" is neither a whole number nor a percentage',
    ]);
    expect([budget("3"), budget("50%")]).toEqual([[], []]);
  });
});

it("points out what lives outside of namespaces", () => {
  const role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: reader }\n";
  expect(breaches(clusterScoped, [], { "base/role.yaml": role })).toEqual([
    "base/role.yaml:1: warning: clusterrole/reader is outside of the lab's namespaces",
  ]);
});

const widgets = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.org }
spec: { group: example.org, names: { kind: Widget }, versions: [{ name: v1 }] }
`;
const widget = "apiVersion: example.org/v1\nkind: Widget\nmetadata: { name: w }\n";

function deletes(kind: string): [string, string][] {
  return [["fault: [fault/one]", `fault: [{ delete: { kind: ${kind}, name: web } }]`]];
}

describe("kinds", () => {
  it("are those of the pinned Kubernetes", () => {
    expect(versions.kubernetes.startsWith(`${kindsOf}.`)).toBe(true);
    expect(builtInKinds["v1"]?.namespaced).toContain("Service");
  });

  it.each([
    ["v1", "Srvice", 'no Srvice in v1, did you mean "Service"?'],
    ["apps/v1", "Deploymnet", 'no Deploymnet in apps/v1, did you mean "Deployment"?'],
    ["v1", "Deployment", "no Deployment in v1, it is in apps/v1"],
    ["apps/v1beta1", "Deployment", "no Deployment in apps/v1beta1, it is in apps/v1"],
    ["example.org/v1", "Gadget", "no Gadget in example.org/v1"],
  ])("of a manifest are known: %s %s", (apiVersion, kind, message) => {
    const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x }\n`;
    expect(breaches(knownKinds, [], { "base/x.yaml": text })).toEqual([
      `base/x.yaml:1: ${kind.toLowerCase()}/x: Kubernetes v1.36 and the lab's definitions have ${message}`,
    ]);
  });

  it("may come from a definition in any manifest of the lab, or from what a fix brings", () => {
    expect(breaches(knownKinds, [], { "base/w.yaml": widget, "fault/one/crd.yaml": widgets })).toEqual([]);
    expect(
      breaches(knownKinds, [["kind: Pod, name: web, op: eq", "kind: Servicer, name: web, op: eq"]], {
        "fixes/kind.yaml": widgets.replace("Widget", "Servicer"),
      }),
    ).toEqual([]);
  });

  it("of checks and faults are taken as the API server takes them; a slip of one is none", () => {
    for (const kind of ["Deployment", "deployment", "deployments", "networkpolicies"])
      expect(breaches(knownKinds, deletes(kind))).toEqual([]);
    expect(breaches(knownKinds, deletes("Deploment"))).toEqual([
      'lab.yaml:11: variant one names kind "Deploment", which does not exist, did you mean "Deployment"?',
    ]);
    expect(breaches(knownKinds, [["kind: Deployment, name: web", "kind: Deploymnt, name: web"]])).toEqual([
      'lab.yaml:15: check kept names kind "Deploymnt", which does not exist, did you mean "Deployment"?',
    ]);
  });
});

describe("names", () => {
  const service = "apiVersion: v1\nkind: Service\nmetadata: { name: web }\n";
  const slip: [string, string] = ["to: service/web", "to: service/wbe"];

  it("of targets are those of the lab's manifests, the nearest is told", () => {
    expect(breaches(knownNames, [], { "base/service.yaml": service })).toEqual([]);
    expect(breaches(knownNames, [slip], { "base/service.yaml": service })).toEqual([
      'lab.yaml:21: traffic of rollout names service/wbe, which the lab does not bring, did you mean "service/web"?',
    ]);
    expect(
      breaches(knownNames, [["workload: deployment/web", "workload: deployment/wbe"]], { "base/s.yaml": service }),
    ).toEqual([
      'lab.yaml:20: roll of rollout names deployment/wbe, which the lab does not bring, did you mean "deployment/web"?',
    ]);
  });

  it("of what the fault or a fix makes are known too", () => {
    expect(breaches(knownNames, [], { "fault/one/service.yaml": service })).toEqual([]);
    expect(
      breaches(knownNames, [slip], { "base/s.yaml": service, "fixes/again.sh": "kubectl create svc clusterip wbe\n" }),
    ).toEqual([]);
  });

  it("that are near none may come later, and are pointed out", () => {
    expect(breaches(knownNames, [["to: service/web", "to: service/checkout"]], { "base/s.yaml": service })).toEqual([
      "lab.yaml:21: warning: traffic of rollout names service/checkout, which the lab does not bring",
    ]);
  });

  it("with a value in them, and pods of a workload, are left to the sandbox", () => {
    for (const to of ["pod/web-0", '"service/${nonce}"'])
      expect(breaches(knownNames, [["to: service/web", `to: ${to}`]], { "base/s.yaml": service })).toEqual([]);
  });
});
