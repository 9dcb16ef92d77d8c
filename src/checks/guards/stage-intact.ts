import type { ContainerState } from "../../docker/docker.ts";
import type { CheckContext, Observation } from "../check.ts";
import { joined, verdict } from "../observe.ts";
import { baselineProblems, isDns } from "../preserve/against-baseline.ts";
import { containerArgs, containerImage } from "../preserve/container-rules.ts";
import { changed } from "../preserve/equal-objects.ts";
import { dockerOf, kubeOf } from "../read/sandbox-kube.ts";

const expected = "the stage (dependencies, load, DNS) is as it was set up";

async function containerProblems(context: CheckContext, reference: ContainerState): Promise<string[]> {
  const sandbox = dockerOf(context);
  const short = reference.name.replace(`${sandbox.name}-`, "");
  const live = await sandbox.docker.inspect(reference.name);
  if (live === undefined) return [`container ${short} is gone`];
  const env = Object.entries(reference.env).find(([key, value]) => live.env[key] !== value);
  return [
    ...(live.status === "running" ? [] : [`container ${short} is ${live.status}`]),
    ...(live.networks.includes(sandbox.network) ? [] : [`container ${short} is off the lab's network`]),
    ...(env === undefined ? [] : [`container ${short} has another ${env[0]}`]),
    ...containerImage(reference, live, short),
    ...containerArgs(reference, live, short),
  ];
}

/** The stage and DNS are what was applied: an experiment against another stage would prove nothing. */
export async function stageIntact(context: CheckContext): Promise<Observation> {
  const { reference } = context.session;
  if (reference === undefined) return verdict(false, expected, `this session has no reference; ${cure(context)}`);
  const problems =
    reference.provider === "kind"
      ? await Promise.all([
          ...reference.stage.map((object) => changed(kubeOf(context), object)),
          baselineProblems(context, [...reference.stage, ...reference.base], isDns),
        ])
      : await Promise.all(reference.stage.map((container) => containerProblems(context, container)));
  const found = problems.flat();
  if (found.length === 0) return verdict(true, expected, `all ${reference.stage.length} parts are as they were`);
  return verdict(false, expected, `${joined(found)}; ${cure(context)}`);
}

/** What repairs a spoilt stage, in the words that this program is called by. */
export function cure({ rt }: Pick<CheckContext, "rt">): string {
  return `${rt.program} reset sets it up again`;
}
