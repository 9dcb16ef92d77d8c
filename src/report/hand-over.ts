import type { Lab } from "../lab/lab.ts";
import type { Runtime } from "../runtime.ts";
import type { Rising } from "../flows/start.ts";
import { fillLab } from "../scenario/fill-lab.ts";
import { workspaceDir } from "../session/workspace.ts";
import type { StepTimes } from "../ui/steps.ts";
import { textWidth, wrap } from "../lib/text.ts";
import { offersNeed } from "../lab/needs.ts";

/** First paragraph of a story; headings are no paragraphs. */
export function firstParagraph(story: string): string {
  const paragraphs = story.split(/\n\s*\n/).map((part) => part.trim());
  return (paragraphs.find((part) => part !== "" && !part.startsWith("#")) ?? "").replaceAll(/\s+/g, " ");
}

/** How the containers of a Docker lab were started, as lines a learner can type. */
function containerLines(lab: Lab, { session, scenario }: Rising): readonly string[] {
  return scenario?.describe(fillLab(lab, session.variant, session.values)) ?? [];
}

function symptomsOf({ symptom }: Rising): { readonly title: string; readonly observed: string }[] {
  return symptom.map(({ title, observation }) => ({ title, observed: observation.observed }));
}

function folderOf(rt: Runtime, { session }: Rising): string | undefined {
  return session.workspace === undefined ? undefined : workspaceDir(rt);
}

/** The hand-over as data; `steps` are milliseconds. */
export function handOverJson(rt: Runtime, lab: Lab, rising: Rising, steps: StepTimes): string {
  const { seed, sandbox } = rising.session;
  const kubeconfig = offersNeed(sandbox.provider, "cluster") ? rt.paths.kubeconfig : null;
  const containers = containerLines(lab, rising);
  const data = {
    lab: lab.id,
    seed,
    sandbox: { ...sandbox, kubeconfig },
    symptom: symptomsOf(rising),
    containers,
    workspace: folderOf(rt, rising) ?? null,
    steps,
  };
  return `${JSON.stringify(data, null, 2)}\n`;
}

/** What start prints at the end: the story, the symptom as it is visible now, and the next commands. */
export function handOver(rt: Runtime, lab: Lab, rising: Rising): string {
  const width = textWidth(rt.out);
  const lines = containerLines(lab, rising);
  const folder = folderOf(rt, rising);
  const text = [
    `\n${lab.title}\n`,
    wrap(firstParagraph(lab.story), width),
    "\nWhat can be seen now:",
    ...symptomsOf(rising).map(({ title, observed }) => wrap(`- ${title}: ${observed}`, width, "  ")),
    ...(lines.length === 0 ? [] : ["\nHow the containers were started:", ...lines.map((line) => `  ${line}`)]),
    ...(folder === undefined ? [] : ["\nYour files:", `  ${folder}`]),
    "\nNext:",
    `  ${rt.program} shell    a shell in which kubectl and docker see the lab`,
    `  ${rt.program} verify   find out whether it is repaired`,
    `  ${rt.program} hint     when you are stuck`,
    "",
  ];
  return `${text.join("\n")}\n`;
}
