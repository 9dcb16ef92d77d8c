import type { ContainerState } from "../../docker/docker.ts";
import type { Kube, KubeObject } from "../../kube/kube.ts";
import { listAt, textAt } from "../../lib/fields.ts";
import { rawData } from "../../system/config.ts";
import { dockerOf, kubeOf, objectText } from "../../system/objects.ts";
import { type CheckContext, type Observation, joined, verdict } from "../check.ts";
import { containerImage } from "../preserve/container-rules.ts";
import { cure } from "./stage-intact.ts";
import { holdsObjects } from "../../session/session.ts";

const expected = "experiments can reach what they need: image, program, admin port and token";

const variables = ["ADMIN_TOKEN", "ADMIN_PORT"] as const;

function variable(container: unknown, name: string): unknown {
  return listAt(container, "env").find((entry) => textAt(entry, "name") === name);
}

function containers(workload: KubeObject): readonly unknown[] {
  return listAt(workload, "spec", "template", "spec", "containers");
}

function named(list: readonly unknown[], name: string): unknown {
  return list.find((one) => textAt(one, "name") === name);
}

/** The value that a container gets for a variable, wherever it is written: in place, or in a ConfigMap or Secret. Undefined without one. */
async function valueOf(kube: Kube, namespace: string, container: unknown, name: string): Promise<string | undefined> {
  const entry = variable(container, name);
  const held = async (kind: "ConfigMap" | "Secret", holder: string, key: string) => {
    const object = holder === "" ? undefined : await kube.get({ apiVersion: "v1", kind, name: holder, namespace });
    const raw = object === undefined ? undefined : rawData(object)[key];
    return kind === "Secret" && raw !== undefined ? Buffer.from(raw, "base64").toString() : raw;
  };
  if (entry !== undefined) {
    const from = (key: string) =>
      [textAt(entry, "valueFrom", key, "name"), textAt(entry, "valueFrom", key, "key")] as const;
    const inSecret = from("secretKeyRef");
    const inMap = from("configMapKeyRef");
    if (inSecret[0] !== "") return held("Secret", ...inSecret);
    return inMap[0] === "" ? textAt(entry, "value") : held("ConfigMap", ...inMap);
  }
  // The last source that has it counts.
  for (const source of listAt(container, "envFrom").toReversed()) {
    const prefix = textAt(source, "prefix");
    if (!name.startsWith(prefix)) continue;
    const key = name.slice(prefix.length);
    const value =
      (await held("Secret", textAt(source, "secretRef", "name"), key)) ??
      (await held("ConfigMap", textAt(source, "configMapRef", "name"), key));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Program and role, however they are split between command and args: `/app serve`. Flags may change. */
function program(container: unknown): string {
  const [command = "/app", ...rest] = listAt(container, "command").map(String);
  const [role = "serve"] = [...rest, ...listAt(container, "args").map(String)].filter((word) => !word.startsWith("-"));
  return `${command} ${role}`;
}

/** The workload as the lab's own fault left it, where that replaced it: what a lab does to a program is no shortcut of the learner. */
function faulted({ lab, session }: CheckContext, { kind, metadata }: KubeObject): KubeObject | undefined {
  const fault = lab.variants.find(({ id }) => id === session.variant)?.fault ?? [];
  const objects = fault.flatMap((entry) => (entry.do === "apply" ? entry.objects : []));
  return objects.findLast((object) => object.kind === kind && object.metadata.name === metadata.name);
}

async function workloadProblems(
  context: CheckContext,
  reference: KubeObject,
  live: KubeObject,
  namespace: string,
): Promise<string[]> {
  const kube = kubeOf(context);
  const fault = faulted(context, reference);
  const needed = containers(reference).filter((one) => variable(one, "ADMIN_TOKEN") !== undefined);
  const problems = needed.map(async (one) => {
    const name = textAt(one, "name");
    const where = `${objectText(reference)} container ${name}`;
    const now = named(containers(live), name);
    if (now === undefined) return [`${where} is gone`];
    const given = fault === undefined ? undefined : named(containers(fault), name);
    const programs = [one, ...(given === undefined ? [] : [given])].map(program);
    const values = await Promise.all(
      variables.map(async (key) => ({
        key,
        same: (await valueOf(kube, namespace, now, key)) === (await valueOf(kube, namespace, one, key)),
      })),
    );
    return [
      ...values.filter(({ same }) => !same).map(({ key }) => `${where} has another ${key}`),
      ...(textAt(now, "image") === textAt(one, "image") ? [] : [`${where} runs image ${textAt(now, "image")}`]),
      ...(programs.includes(program(now)) ? [] : [`${where} runs ${program(now)}`]),
    ];
  });
  return (await Promise.all(problems)).flat();
}

async function inCluster(context: CheckContext, base: readonly KubeObject[]): Promise<string[]> {
  const needed = base.filter((object) => containers(object).some((one) => variable(one, "ADMIN_TOKEN") !== undefined));
  const problems = await Promise.all(
    needed.map(async (reference) => {
      const { apiVersion, kind, metadata } = reference;
      const namespace = metadata.namespace ?? context.namespace;
      const live = await kubeOf(context).get({ apiVersion, kind, name: metadata.name, namespace });
      return live === undefined
        ? [`${objectText(reference)} is gone`]
        : workloadProblems(context, reference, live, namespace);
    }),
  );
  return problems.flat();
}

async function inDocker(context: CheckContext, base: readonly ContainerState[]): Promise<string[]> {
  const sandbox = dockerOf(context);
  // Of what is built from the workspace, experiments build and start their own.
  const own = new Set(
    context.lab.containers.flatMap(({ name, build }) => (build === undefined ? [] : [`${sandbox.name}-${name}`])),
  );
  const problems = await Promise.all(
    base
      .filter(({ name }) => !own.has(name))
      .map(async (reference) => {
        const short = reference.name.replace(`${sandbox.name}-`, "");
        const live = await sandbox.docker.inspect(reference.name);
        if (live === undefined) return [`container ${short} is gone`];
        return [
          ...(live.networks.includes(sandbox.network) ? [] : [`container ${short} is off the lab's network`]),
          ...containerImage(reference, live, short),
          ...variables
            .filter((key) => live.env[key] !== reference.env[key])
            .map((key) => `container ${short} has another ${key}`),
        ];
      }),
  );
  return problems.flat();
}

/** The learner's workload can still be experimented on. Compares only what that needs, so that any repair passes. */
export async function instrumented(context: CheckContext): Promise<Observation> {
  const { reference } = context.session;
  if (reference === undefined) return verdict(false, expected, `this session has no reference; ${cure(context)}`);
  const problems = holdsObjects(reference)
    ? await inCluster(context, reference.base)
    : await inDocker(context, reference.base);
  if (problems.length === 0) return verdict(true, expected, "all of it is in place");
  return verdict(false, expected, `${joined(problems)}; ${cure(context)}`);
}
