import type { Lab } from "../lab/lab.ts";
import { markdownText } from "./markdown-text.ts";
import { wrap } from "../lib/text.ts";
import { clusterTopology } from "../lab/topology.ts";

/** What a learner may know of a lab before starting it: no variants, checks, hints, faults or debrief. */
export function publicLab(lab: Lab): Readonly<Record<string, unknown>> {
  const { id, title, summary, level, minutes, topics, topology, namespaces, story } = lab;
  return { id, title, summary, level, minutes, topics, sandbox: topology, namespaces, story };
}

function needs(lab: Lab): string {
  const cluster = clusterTopology(lab.topology);
  if (cluster === undefined) {
    return `Docker containers: ${lab.containers.map(({ name }) => name).join(", ")}`;
  }
  const { workers, fresh } = cluster;
  const nodes = workers === 0 ? "one node" : `a control plane and ${workers} ${workers === 1 ? "worker" : "workers"}`;
  return `a kind cluster with ${nodes}${fresh ? ", made anew" : ""}; namespace ${lab.namespaces.join(", ")}`;
}

/** The text of `labs show`: what it is about, what it needs, the story. `name`: what the person called it, a path for instance. */
export function showText(lab: Lab, name: string, program: string, width: number): string {
  return [
    lab.title,
    wrap(lab.summary, width),
    "",
    `level    ${lab.level}, about ${lab.minutes} minutes`,
    `topics   ${lab.topics.join(", ")}`,
    `sandbox  ${needs(lab)}`,
    "",
    markdownText(lab.story, width, lab.title),
    "",
    `Start it with: ${program} start ${name}`,
    "",
  ].join("\n");
}
