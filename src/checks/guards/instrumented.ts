import { isDeepStrictEqual } from "node:util";
import type { ContainerState } from "../../docker/docker.ts";
import type { KubeObject } from "../../kube/kube.ts";
import { listAt, textAt } from "../../lib/fields.ts";
import { dockerOf, kubeOf, objectText } from "../../system/objects.ts";
import { type CheckContext, type Observation, joined, verdict } from "../check.ts";
import { containerImage } from "../preserve/container-rules.ts";
import { cure } from "./stage-intact.ts";

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

function workloadProblems(reference: KubeObject, live: KubeObject, fault: KubeObject | undefined): string[] {
  return containers(reference)
    .filter((one) => variable(one, "ADMIN_TOKEN") !== undefined)
    .flatMap((one) => {
      const name = textAt(one, "name");
      const where = `${objectText(reference)} container ${name}`;
      const now = named(containers(live), name);
      if (now === undefined) return [`${where} is gone`];
      const given = fault === undefined ? undefined : named(containers(fault), name);
      const programs = [one, ...(given === undefined ? [] : [given])].map(program);
      const other = variables.filter((key) => !isDeepStrictEqual(variable(now, key), variable(one, key)));
      return [
        ...other.map((key) => `${where} has another ${key}`),
        ...(textAt(now, "image") === textAt(one, "image") ? [] : [`${where} runs image ${textAt(now, "image")}`]),
        ...(programs.includes(program(now)) ? [] : [`${where} runs ${program(now)}`]),
      ];
    });
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
        : workloadProblems(reference, live, faulted(context, reference));
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
  const problems =
    reference.provider === "kind" ? await inCluster(context, reference.base) : await inDocker(context, reference.base);
  if (problems.length === 0) return verdict(true, expected, "all of it is in place");
  return verdict(false, expected, `${joined(problems)}; ${cure(context)}`);
}
