import type { Lab } from "../lab/lab.ts";
import type { Runtime } from "../runtime.ts";
import type { Rising } from "../scenario/start-lab.ts";
import { fillLab } from "../scenario/fill-lab.ts";
import { wrap } from "./wrap.ts";

/** First paragraph of a story; headings are no paragraphs. */
export function firstParagraph(story: string): string {
  const paragraphs = story.split(/\n\s*\n/).map((part) => part.trim());
  return (paragraphs.find((part) => part !== "" && !part.startsWith("#")) ?? "").replaceAll(/\s+/g, " ");
}

/** What start prints at the end: the story, the symptom as it is visible now, and the next commands. */
export function handOver(rt: Runtime, lab: Lab, rising: Rising, json: boolean): string {
  const lines = rising.scenario?.describe(fillLab(lab, rising.session.variant, rising.session.values)) ?? [];
  const symptom = rising.symptom.map(({ title, observation }) => ({ title, observed: observation.observed }));
  if (json) {
    const { session } = rising;
    const sandbox = { ...session.sandbox, kubeconfig: kubeconfigOf(rt, rising) };
    return `${JSON.stringify({ lab: lab.id, seed: session.seed, sandbox, symptom, containers: lines }, null, 2)}\n`;
  }
  const width = Math.min(rt.out.columns, 100);
  const text = [
    `\n${lab.title}\n`,
    wrap(firstParagraph(lab.story), width),
    "\nWhat can be seen now:",
    ...symptom.map(({ title, observed }) => wrap(`- ${title}: ${observed}`, width, "  ")),
    ...(lines.length === 0 ? [] : ["\nHow the containers were started:", ...lines.map((line) => `  ${line}`)]),
    "\nNext:",
    `  ${rt.program} shell    a shell in which kubectl and docker see the lab`,
    `  ${rt.program} verify   find out whether it is repaired`,
    `  ${rt.program} hint     when you are stuck`,
    "",
  ];
  return `${text.join("\n")}\n`;
}

function kubeconfigOf(rt: Runtime, rising: Rising): string | null {
  return rising.session.sandbox.provider === "kind" ? rt.paths.kubeconfig : null;
}
