import { z } from "zod";
import { checkSpec } from "../../src/lab/check-spec.ts";
import { defineCheck } from "../../src/checks/check.ts";
import { defineAction } from "../../src/experiments/action.ts";
import { duration } from "../../src/lib/units.ts";
import type { LabFolder } from "../../src/lab/read/folder.ts";
import { readLab, type LabSource } from "../../src/lab/read/read-lab.ts";
import type { Vocabulary } from "../../src/lab/vocabulary.ts";

const never = (): never => {
  throw new Error("no test of lab files runs anything");
};

/** A small vocabulary of its own, so that tests of lab files do not depend on the registries. */
export const testWords: Vocabulary = {
  checks: [
    defineCheck({
      name: "resource",
      summary: "Compares a field",
      reads: ["sandbox"],
      needs: ["cluster"],
      racy: false,
      params: z.strictObject({
        kind: z.string(),
        name: z.string(),
        op: z.enum(["eq", "absent", "contains"]),
        value: z.union([z.string(), z.number()]).optional(),
      }),
      run: never,
    }),
    defineCheck({
      name: "finished",
      summary: "Every action ended in time",
      reads: ["record"],
      needs: [],
      racy: false,
      params: z.strictObject({}),
      run: never,
    }),
    defineCheck({
      name: "sent",
      summary: "Requests of a load during an action",
      reads: ["record"],
      needs: [],
      racy: false,
      params: z.strictObject({ from: z.string(), during: z.string() }),
      run: never,
    }),
    defineCheck({
      name: "all",
      summary: "Every one of these",
      reads: ["sandbox", "record"],
      needs: [],
      racy: false,
      nested: "checks",
      params: z.strictObject({ checks: z.array(checkSpec).min(1) }),
      run: never,
    }),
    defineCheck({
      name: "health",
      summary: "A container is healthy",
      reads: ["sandbox"],
      needs: ["containers"],
      racy: false,
      params: z.strictObject({ container: z.string() }),
      run: never,
    }),
  ],
  actions: [
    defineAction({
      name: "roll",
      summary: "Rolls a workload",
      needs: ["cluster"],
      params: z.strictObject({ workload: z.string(), within: duration }),
      run: never,
    }),
    defineAction({
      name: "traffic",
      summary: "Sends requests",
      needs: [],
      params: z.strictObject({ name: z.string(), to: z.string(), rate: z.number() }),
      accompany: never,
    }),
  ],
};

/** lab.yaml of a small lab without any problem. */
export const labYaml = `title: Quiet web
summary: The web does not answer.
level: medium
minutes: 10
topics: [probes]
sandbox: { kind: { workers: 0 } }
namespaces: [shop]
base: [base]
values: { nonce: random.hex16 }
variants:
  one: { fault: [fault/one], fails: [answers] }
symptom:
  - { id: silent, within: 30s, check: { type: resource, kind: Pod, name: web, op: absent } }
guards:
  - { id: kept, check: { type: resource, kind: Deployment, name: web, op: eq, value: 1 } }
objectives:
  - { id: answers, check: { type: resource, kind: Pod, name: web, op: eq, value: "\${nonce}" } }
experiments:
  - id: rollout
    do: [{ roll: { workload: deployment/web, within: 60s } }]
    with: [{ traffic: { name: new, to: service/web, rate: 5 } }]
    objectives:
      - { id: rolls, title: It rolls, check: { type: finished } }
hints:
  - { level: nudge, text: Look. }
  - { level: where, text: Look there. }
  - { level: what, text: Look at that., when: answers }
  - { level: command, text: Look so., command: kubectl -n shop get pods }
`;

/** The manifest of its one Deployment. */
export const deploymentYaml = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: web, image: labs/go-app:v1, env: [{ name: NONCE, value: "\${nonce}" }] }
`;

const files: Readonly<Record<string, string>> = {
  "lab.yaml": labYaml,
  "README.md": "# Quiet web\n\nNobody hears it.\n",
  "debrief.md": "# What it was\n",
  "base/web.yaml": deploymentYaml,
  "fault/one/web.yaml": deploymentYaml.replace("labels: { app: web }", "labels: { app: web, tier: front }"),
  "fixes/again.sh": "# variants: one\nkubectl apply -f base\n",
  "bypasses/gone.sh": "#!/bin/sh\n# caught-by: kept, rolls\nkubectl delete deployment web\n",
};

/** A lab folder in memory: the small lab with these files changed, or taken out by undefined. */
export function labFolder(changes: Readonly<Record<string, string | undefined>> = {}): LabFolder {
  const all = Object.entries({ ...files, ...changes }).flatMap(([name, text]): [string, Buffer][] =>
    text === undefined ? [] : [[name, Buffer.from(text)]],
  );
  return { dir: "/labs/quiet-web", files: new Map(all.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** The small lab with parts of lab.yaml replaced, as rules see it; throws when its form is not right. */
export function labSource(
  replacements: readonly (readonly [string, string])[] = [],
  changes: Readonly<Record<string, string | undefined>> = {},
): LabSource {
  let text = labYaml;
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`the small lab has no ${from}`);
    text = text.replace(from, () => to);
  }
  const { source, problems } = readLab(labFolder({ "lab.yaml": text, ...changes }), testWords);
  if (source === undefined || problems.length > 0) throw new Error(JSON.stringify(problems));
  return source;
}
