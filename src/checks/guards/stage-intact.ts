import type { ContainerState } from "../../docker/docker.ts";
import { agentProblem, agentShortName } from "../../sandbox/docker/ensure-agent.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import { type ContainerReference, type ObjectReference, holdsObjects } from "../../session/session.ts";
import { type CheckContext, type Observation, joined, verdict } from "../check.ts";
import { baselineProblems, isDns } from "../preserve/against-baseline.ts";
import { containerArgs, containerImage } from "../preserve/container-rules.ts";
import { changed } from "../preserve/equal-objects.ts";
import { dockerOf, kubeOf } from "../../system/objects.ts";
import { notRunning } from "./stage-running.ts";
import { takenNames } from "./taken-names.ts";

const expected = "the stage (dependencies, load, DNS) is as it was set up, and runs";

/** A container that ends by design is between two runs for a moment; the engine starts it again, unless somebody stopped it. */
const alive: ReadonlySet<ContainerState["status"]> = new Set(["running", "restarting"]);

async function containerProblems(context: CheckContext, reference: ContainerState): Promise<string[]> {
  const sandbox = dockerOf(context);
  const short = reference.name.replace(`${sandbox.name}-`, "");
  const live = await sandbox.docker.inspect(reference.name);
  if (live === undefined) return [`container ${short} is gone`];
  const keys = [...new Set([...Object.keys(reference.env), ...Object.keys(live.env)])];
  const variable = keys.find((key) => live.env[key] !== reference.env[key]);
  const limited = live.nanoCpus !== reference.nanoCpus || live.memoryBytes !== reference.memoryBytes;
  return [
    ...(alive.has(live.status) ? [] : [`container ${short} is ${live.status}`]),
    ...(live.networks.includes(sandbox.network) ? [] : [`container ${short} is off the lab's network`]),
    ...(variable === undefined ? [] : [`container ${short} has another ${variable}`]),
    ...(limited ? [`container ${short} has other limits`] : []),
    ...containerImage(reference, live, short),
    ...containerArgs(reference, live, short),
  ];
}

async function inDocker(context: CheckContext, { stage, base }: ContainerReference): Promise<string[]> {
  const { docker, name, network } = dockerOf(context);
  const problems = await Promise.all([
    ...stage.map((container) => containerProblems(context, container)),
    docker
      .inspect(containerName({ name }, agentShortName))
      .then((live) => agentProblem(live, network))
      .then((problem) => (problem === undefined ? [] : [problem])),
    takenNames(context, [...stage, ...base]),
  ]);
  return problems.flat();
}

async function inCluster(context: CheckContext, { stage, base }: ObjectReference): Promise<readonly string[]> {
  const problems = await Promise.all([
    ...stage.map((object) => changed(kubeOf(context), object)),
    baselineProblems(context, [...stage, ...base], isDns),
  ]);
  const found = problems.flat();
  // What was changed tells more than that it therefore does not run, and needs no waiting.
  return found.length > 0 ? found : notRunning(context, stage);
}

/**
 * The stage, DNS and our agent are what was applied, they run, and nothing answers in their place: an experiment against another stage would
 * prove nothing. Whether the stage is ready does not count, because it fails by its own schedule.
 */
export async function stageIntact(context: CheckContext): Promise<Observation> {
  const { reference } = context.session;
  if (reference === undefined) return verdict(false, expected, `this session has no reference; ${cure(context)}`);
  const found = holdsObjects(reference) ? await inCluster(context, reference) : await inDocker(context, reference);
  if (found.length === 0) return verdict(true, expected, `all ${reference.stage.length} parts are as they were`);
  return verdict(false, expected, `${joined(found)}; ${cure(context)}`);
}

/** What repairs a spoilt stage, in the words that this program is called by. */
export function cure({ rt }: Pick<CheckContext, "rt">): string {
  return `${rt.program} reset sets it up again`;
}
