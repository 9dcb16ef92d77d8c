import { describe, expect, it } from "vitest";
import { problemText } from "../../src/lab/problem.ts";
import { readLab } from "../../src/lab/read/read-lab.ts";
import { labFolder, labYaml, testWords } from "../fakes/lab-folder.ts";

/** Problems of the small lab after replacements in lab.yaml. */
function problemsOf(...replacements: [string, string][]): string[] {
  let text = labYaml;
  for (const [from, to] of replacements) {
    expect(text).toContain(from);
    text = text.replace(from, () => to);
  }
  return readLab(labFolder({ "lab.yaml": text }), testWords).problems.map((found) => problemText(found));
}

describe("the form of lab.yaml", () => {
  it("is right for the small lab", () => {
    expect(problemsOf()).toEqual([]);
  });

  it("tells all problems at once, with line and path", () => {
    expect(
      problemsOf(["level: medium", "level: medum"], ["minutes: 10", "minutes: ten"], ["id: kept,", "id: Kept,"]),
    ).toEqual([
      'lab.yaml:3: level: expected warm-up, medium, hard, staff, got "medum", did you mean "medium"?',
      'lab.yaml:4: minutes: expected a number, got "ten"',
      "lab.yaml:15: guards[0].id: an id is lower case words with dashes",
    ]);
  });

  it("suggests the nearest key at the line of the unknown one", () => {
    expect(problemsOf(["minutes: 10", "minutes: 10\nsumary: x"], ["within: 30s", "witin: 30s"])).toEqual([
      'lab.yaml:14: symptom[0].witin: unknown key "witin", did you mean "within"?',
      'lab.yaml:5: sumary: unknown key "sumary", did you mean "summary"?',
    ]);
  });

  it("tells what is missing", () => {
    expect(problemsOf(["title: Quiet web\n", ""])).toEqual(["lab.yaml:1: title: is missing"]);
  });

  it("suggests the nearest check type", () => {
    expect(problemsOf(["type: resource, kind: Pod, name: web, op: absent", "type: resorce, kind: Pod"])).toEqual([
      'lab.yaml:13: symptom[0].check.type: unknown check type "resorce", did you mean "resource"?',
    ]);
  });

  it("tells only the errors of the check's own type", () => {
    expect(problemsOf(["op: absent", "op: absnt, nme: x"])).toEqual([
      'lab.yaml:13: symptom[0].check.op: expected eq, absent, contains, got "absnt", did you mean "absent"?',
      'lab.yaml:13: symptom[0].check.nme: unknown key "nme", did you mean "name"?',
    ]);
    expect(problemsOf(["op: eq, value: 1", "op: eq, value: true"])).toEqual([
      "lab.yaml:15: guards[0].check.value: expected text, got true; or expected a number, got true",
    ]);
  });

  it("looks into nested checks", () => {
    const nested = "type: all, checks: [{ type: finished, x: 1 }, { type: al }]";
    expect(problemsOf(["type: finished", nested])).toEqual([
      'lab.yaml:23: experiments[0].objectives[0].check.checks[0].x: unknown key "x": there is nothing to say here',
      'lab.yaml:23: experiments[0].objectives[0].check.checks[1].type: unknown check type "al", did you mean "all"?',
    ]);
  });

  it("knows actions and where they stand", () => {
    expect(problemsOf(["roll: { workload: deployment/web, within: 60s }", "rol: {}"])).toEqual([
      'lab.yaml:20: experiments[0].do[0].rol: unknown action "rol", did you mean "roll"?',
    ]);
    expect(problemsOf(["within: 60s", "within: 60"])).toEqual([
      "lab.yaml:20: experiments[0].do[0].roll.within: expected text, got 60",
    ]);
    expect(
      problemsOf(["with: [{ traffic: { name: new, to: service/web, rate: 5 } }]", "with: [{ roll: {} }]"]),
    ).toEqual(['lab.yaml:21: experiments[0].with[0].roll: "roll" cannot stand in "with"; known here: traffic']);
    expect(
      problemsOf([
        "{ traffic: { name: new, to: service/web, rate: 5 } }",
        "{ traffic: { name: new, to: service/web, rate: 5 }, roll: {} }",
      ]),
    ).toEqual(["lab.yaml:21: experiments[0].with[0]: an action is one key with its parameters, as { outage: { … } }"]);
  });

  it("takes one kind of step in a fault", () => {
    expect(problemsOf(["fault: [fault/one]", "fault: [{ apply: fault/one, restart: deployment/web }]"])).toEqual([
      "lab.yaml:11: variants.one.fault[0]: a step of a fault is one of apply, delete, patch, restart, recreate, files, stop",
    ]);
    expect(problemsOf(["fault: [fault/one]", "fault: [{ restart: web }]"])).toEqual([
      "lab.yaml:11: variants.one.fault[0].restart: write a workload as deployment/NAME, statefulset/NAME, daemonset/NAME or container/NAME",
    ]);
  });

  it("refuses what lets a container out", () => {
    expect(problemsOf(["base: [base]", "containers: [{ name: a, image: x, privileged: true }]"])).toEqual([
      'lab.yaml:8: containers[0].privileged: labs give containers no "privileged"',
    ]);
  });

  it("tells where YAML itself is broken", () => {
    expect(problemsOf(["topics: [probes]", "topics: [probes"])[0]).toMatch(/^lab\.yaml:\d+: /);
    expect(problemsOf(["level: medium", "level: medium\nlevel: hard"])).toEqual([
      "lab.yaml:4: Map keys must be unique",
    ]);
  });
});
