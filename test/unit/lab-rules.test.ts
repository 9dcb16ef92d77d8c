import { describe, expect, it } from "vitest";
import { problemText } from "../../src/lab/problem.ts";
import type { Rule } from "../../src/lab/rules/rule.ts";
import { distinctObjects } from "../../src/lab/rules/distinct-objects.ts";
import { fitsProvider } from "../../src/lab/rules/fits-provider.ts";
import { fittingChecks } from "../../src/lab/rules/fitting-checks.ts";
import { knownAddons } from "../../src/lab/rules/known-addons.ts";
import { knownActions } from "../../src/lab/rules/known-actions.ts";
import { knownIds } from "../../src/lab/rules/known-ids.ts";
import { knownImages } from "../../src/lab/rules/known-images.ts";
import { knownNamespaces } from "../../src/lab/rules/known-namespaces.ts";
import { knownValues } from "../../src/lab/rules/known-values.ts";
import { lintRules, loadRules } from "../../src/lab/rules/rules.ts";
import { uniqueIds } from "../../src/lab/rules/unique-ids.ts";
import { sortProblems, validateLab } from "../../src/lab/validate.ts";
import { deploymentYaml, labSource } from "../fakes/lab-folder.ts";

type Replacements = [string, string][];

function breaches(rule: Rule, replacements: Replacements, files: Record<string, string | undefined> = {}): string[] {
  return sortProblems(rule(labSource(replacements, files))).map((found) => problemText(found));
}

it("finds nothing in the small lab", () => {
  expect(validateLab(labSource(), [...loadRules, ...lintRules])).toEqual([]);
});

describe("unique ids", () => {
  it("covers guards, objectives and those of experiments", () => {
    expect(breaches(uniqueIds, [["id: rolls", "id: kept"]])).toEqual(['lab.yaml:23: "kept" is there twice']);
  });

  it("keeps the built-in guards' names", () => {
    expect(breaches(uniqueIds, [["id: rolls", "id: stage-intact"]])).toEqual([
      'lab.yaml:23: "stage-intact" is a built-in guard',
    ]);
  });
});

it("finds add-ons that there are none of", () => {
  expect(breaches(knownAddons, [["{ workers: 0 }", "{ workers: 0, addons: [metrics] }"]])).toEqual([
    'lab.yaml:6: the sandbox names add-on "metrics", which does not exist; there is none',
  ]);
});

describe("known actions", () => {
  const at = "lab.yaml:23: objective rolls names action";

  it.each<[string, string, string[]]>([
    [
      "an action of another kind",
      "{ type: sent, from: new, during: rol }",
      [`${at} "rol", which does not exist, did you mean "roll"?`],
    ],
    [
      "a load of another name, also inside of other checks",
      "{ type: all, checks: [{ type: finished }, { type: sent, from: old, during: roll }] }",
      [`${at} "old", which does not exist; known: new`],
    ],
    ["nothing where all are there", "{ type: sent, from: new, during: roll }", []],
  ])("finds %s", (_what, check, messages) => {
    expect(breaches(knownActions, [["check: { type: finished }", `check: ${check}`]])).toEqual(messages);
  });
});

describe("known ids", () => {
  it.each<[string, Replacements, string]>([
    [
      "fails",
      [["fails: [answers]", "fails: [answer]"]],
      'lab.yaml:11: variant one names check "answer", which does not exist, did you mean "answers"?',
    ],
    [
      "fails, not the symptom",
      [["fails: [answers]", "fails: [silent]"]],
      'lab.yaml:11: variant one names check "silent", which does not exist; known: kept, answers, rolls',
    ],
    [
      "needs",
      [["id: rolls,", "id: rolls, needs: [rolls],"]],
      'lab.yaml:23: "needs" of rolls names check "rolls", which does not exist; known: silent, kept, answers, rollout',
    ],
    [
      "needs of an experiment",
      [["- id: rollout", "- id: rollout\n    needs: [rolls]"]],
      'lab.yaml:20: "needs" of rollout names check "rolls", which does not exist; known: silent, kept, answers',
    ],
    [
      "when",
      [["when: answers", "when: kep"]],
      'lab.yaml:27: a hint names check "kep", which does not exist, did you mean "kept"?',
    ],
  ])("covers %s", (_what, replacements, message) => {
    expect(breaches(knownIds, replacements)).toEqual([message]);
  });

  it("covers the heads of scripts", () => {
    expect(
      breaches(knownIds, [], {
        "fixes/again.sh": "# variants: on\n",
        "bypasses/gone.sh": "# caught-by: kept, instrumented, roll\n",
      }),
    ).toEqual([
      'bypasses/gone.sh:1: caught-by names check "roll", which does not exist, did you mean "rolls"?',
      'fixes/again.sh:1: variants names variant "on", which does not exist, did you mean "one"?',
    ]);
  });
});

describe("known values", () => {
  it("covers checks, actions and manifests", () => {
    expect(breaches(knownValues, [["values: { nonce: random.hex16 }", "values: { nonc: random.hex16 }"]])).toEqual([
      'base/web.yaml:1: deployment/web: there is no value "nonce", did you mean "nonc"?',
      'fault/one/web.yaml:1: deployment/web: there is no value "nonce", did you mean "nonc"?',
      'lab.yaml:17: there is no value "nonce", did you mean "nonc"?',
    ]);
    expect(
      breaches(knownValues, [["fault: [fault/one]", 'fault: [{ delete: { kind: Pod, name: "${who}" } }]']]),
    ).toEqual(['lab.yaml:11: there is no value "who"; $${ escapes']);
  });

  it("covers generators and reserved names", () => {
    expect(breaches(knownValues, [["random.hex16", "random.hex9"]])).toEqual([
      'lab.yaml:9: unknown generator "random.hex9"; known: random.hex16, random.hex32, random.int(a,b)',
    ]);
    expect(breaches(knownValues, [["{ nonce: random.hex16 }", "{ nonce: a, token: b }"]])).toEqual([
      'lab.yaml:9: "token" is a value of every lab',
    ]);
  });
});

describe("what fits the provider", () => {
  it("asks a Kubernetes lab for namespaces and manifests", () => {
    expect(breaches(fitsProvider, [["namespaces: [shop]\nbase: [base]\n", ""]])).toEqual([
      "lab.yaml:6: a Kubernetes lab names its namespaces",
      "lab.yaml:6: a Kubernetes lab has manifests in base",
    ]);
  });

  it("asks a Docker lab for containers, and for no manifests", () => {
    expect(breaches(fitsProvider, [["{ kind: { workers: 0 } }", "{ docker: {} }"]])).toEqual([
      "lab.yaml:6: a Docker lab has containers, at least one of them in base",
      "lab.yaml:7: namespaces is for Kubernetes labs",
      "lab.yaml:8: base is for Kubernetes labs",
      "lab.yaml:11: apply is for Kubernetes labs",
    ]);
  });

  it("builds containers from a workspace with a Dockerfile, and copies files into nothing else", () => {
    const docker: Replacements = [
      ["{ kind: { workers: 0 } }", "{ docker: {} }"],
      ["namespaces: [shop]\nbase: [base]", "containers: [{ name: web, build: workspace }]"],
      ["[fault/one]", "[{ files: fault/one }, { recreate: { name: web } }, { stop: { name: wb } }]"],
    ];
    const files = { "base/web.yaml": undefined };
    expect(breaches(fitsProvider, docker, files)).toEqual([
      "lab.yaml:7: there is no workspace/Dockerfile",
      "lab.yaml:10: there is no workspace to copy files into",
      'lab.yaml:10: there is no container "wb"',
    ]);
    const whole = { ...files, "workspace/Dockerfile": "FROM labs/debian:13\n" };
    expect(breaches(fitsProvider, docker, whole)).toEqual(['lab.yaml:10: there is no container "wb"']);
    expect(breaches(knownImages, docker, whole)).toEqual([
      "Dockerfile: image labs/debian:13 is not provided by setup; known: labs/go-app:v1",
    ]);
  });

  it("knows what a fault can touch", () => {
    expect(
      breaches(fitsProvider, [
        ["[fault/one]", "[{ recreate: { name: web } }, { restart: deployment/wb }, { restart: deployment/web }]"],
      ]),
    ).toEqual(["lab.yaml:11: recreate is for Docker labs", "lab.yaml:11: there is no deployment/wb in base"]);
  });
});

it("lets hints and checks name the sandbox", () => {
  expect(breaches(knownValues, [["kubectl -n shop get pods", "'docker logs ${sandbox}-web'"]])).toEqual([]);
  expect(breaches(knownValues, [["${nonce}", "${sandbox}"]])).toEqual([]);
  expect(breaches(knownValues, [["kubectl -n shop get pods", "'docker logs ${sandbx}-web'"]])).toEqual([
    'lab.yaml:28: there is no value "sandbx", did you mean "sandbox"?',
  ]);
});

describe("fitting checks", () => {
  it("keeps those that read a record in experiments, however nested", () => {
    const message = "finished reads an experiment: it is for its objectives only";
    expect(
      breaches(fittingChecks, [["type: resource, kind: Deployment, name: web, op: eq, value: 1", "type: finished"]]),
    ).toEqual([`lab.yaml:15: ${message}`]);
    expect(
      breaches(fittingChecks, [
        ["type: resource, kind: Deployment, name: web, op: eq, value: 1", "type: all, checks: [{ type: finished }]"],
      ]),
    ).toEqual([`lab.yaml:15: ${message}`]);
  });

  it("asks whether the sandbox has what checks and actions need", () => {
    expect(breaches(fittingChecks, [["check: { type: finished }", "check: { type: health, container: web }"]])).toEqual(
      ["lab.yaml:23: health needs the containers of a Docker lab, which a sandbox of kind does not have"],
    );
    expect(breaches(fittingChecks, [["{ kind: { workers: 0 } }", "{ docker: {} }"]])).toContain(
      "lab.yaml:20: roll needs a Kubernetes cluster, which a sandbox of docker does not have",
    );
  });
});

it("keeps objects in the lab's namespaces", () => {
  expect(breaches(knownNamespaces, [["[shop]", "[store]"]])).toEqual([
    'base/web.yaml:1: deployment/web: namespace "shop" is not among the lab\'s namespaces',
    'fault/one/web.yaml:1: deployment/web: namespace "shop" is not among the lab\'s namespaces',
  ]);
});

const withImage = (image: string): string => deploymentYaml.replace("labs/go-app:v1", image);

describe("known images", () => {
  it.each([
    ["labs/go-app", "is not pinned: it means :latest"],
    ["labs/go-app:latest", "is not pinned: it means :latest"],
    ["nginx:1.29", "is not provided by setup; known: labs/go-app:v1"],
  ])("refuses %s in base", (image, message) => {
    expect(breaches(knownImages, [], { "base/web.yaml": withImage(image) })).toEqual([
      `base/web.yaml:1: deployment/web: image ${image} ${message}`,
    ]);
  });

  it("knows the base images that the lab names, which its nodes then have", () => {
    const files = { "base/web.yaml": withImage("labs/debian:13") };
    expect(breaches(knownImages, [["base: [base]", "base: [base]\nimages: [debian]"]], files)).toEqual([]);
    expect(labSource([["base: [base]", "base: [base]\nimages: [debian]"]], files).lab.topology).toMatchObject({
      images: ["labs/debian:13"],
    });
  });

  it("only warns in a fault, where it may be the lab", () => {
    expect(breaches(knownImages, [], { "fault/one/web.yaml": withImage("shop/web:9") })).toEqual([
      "fault/one/web.yaml:1: warning: deployment/web: image shop/web:9 is not provided by setup; known: labs/go-app:v1",
    ]);
  });

  it("looks at containers", () => {
    const containers = "containers: [{ name: web, image: busybox }]";
    expect(breaches(knownImages, [["base: [base]", containers]])).toEqual([
      "lab.yaml:8: image busybox is not pinned: it means :latest",
    ]);
  });
});

it("refuses an object that is there twice", () => {
  expect(breaches(distinctObjects, [], { "base/x.yaml": deploymentYaml.replace(", namespace: shop", "") })).toEqual([
    "base/x.yaml:1: deployment/web is there twice in shop",
  ]);
});
