import type { Runtime } from "../runtime.ts";
import type { HandedOver } from "../flows/lay.ts";
import { offersNeed } from "../lab/needs.ts";
import { textWidth, wrap } from "../lib/text.ts";

/** First paragraph of a story; headings are no paragraphs. */
export function firstParagraph(story: string): string {
  const paragraphs = story.split(/\n\s*\n/).map((part) => part.trim());
  return (paragraphs.find((part) => part !== "" && !part.startsWith("#")) ?? "").replaceAll(/\s+/g, " ");
}

/** What the reports of a hand-over tell of it. */
type Told = Omit<HandedOver, "sandbox" | "scenario">;

function symptomsOf({ symptom }: Told): { readonly title: string; readonly observed: string }[] {
  return symptom.map(({ title, observation }) => ({ title, observed: observation.observed }));
}

/** The hand-over as data; `steps` are milliseconds. */
export function handOverJson(rt: Runtime, handed: Told): string {
  const { lab, containers, steps, workspace = null } = handed;
  const { seed, sandbox } = handed.session;
  const kubeconfig = offersNeed(sandbox.provider, "cluster") ? rt.paths.kubeconfig : null;
  const data = {
    lab: lab.id,
    seed,
    sandbox: { ...sandbox, kubeconfig },
    symptom: symptomsOf(handed),
    containers,
    workspace,
    steps,
  };
  return `${JSON.stringify(data, null, 2)}\n`;
}

/** What start prints at the end: the story, the symptom as it is visible now, and the next commands. */
export function handOver(rt: Runtime, handed: Told): string {
  const width = textWidth(rt.out);
  const { lab, containers, workspace } = handed;
  const text = [
    `\n${lab.title}\n`,
    wrap(firstParagraph(lab.story), width),
    "\nWhat can be seen now:",
    ...symptomsOf(handed).map(({ title, observed }) => wrap(`- ${title}: ${observed}`, width, "  ")),
    ...(containers.length === 0
      ? []
      : ["\nHow the containers were started:", ...containers.map((line) => `  ${line}`)]),
    ...(workspace === undefined ? [] : ["\nYour files:", `  ${workspace}`]),
    "\nNext:",
    `  ${rt.program} shell    a shell in which kubectl and docker see the lab`,
    `  ${rt.program} verify   find out whether it is repaired`,
    `  ${rt.program} hint     when you are stuck`,
    "",
  ];
  return `${text.join("\n")}\n`;
}
