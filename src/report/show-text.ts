import { judgedEntries } from "../lab/entries.ts";
import type { Lab } from "../lab/lab.ts";

/** What a learner may know of a lab before starting it: no variants, hints, faults or debrief. */
export function publicLab(lab: Lab): Readonly<Record<string, unknown>> {
  const { id, title, summary, level, minutes, topics, topology, namespaces, story } = lab;
  const checks = judgedEntries(lab).map(({ entry, role }) => ({ role, title: entry.title }));
  return { id, title, summary, level, minutes, topics, sandbox: topology, namespaces, checks, story };
}

function needs(lab: Lab): string {
  if (lab.topology.provider === "docker") {
    return `Docker containers: ${lab.containers.map(({ name }) => name).join(", ")}`;
  }
  const { workers, fresh } = lab.topology;
  const nodes = workers === 0 ? "one node" : `a control plane and ${workers} ${workers === 1 ? "worker" : "workers"}`;
  return `a kind cluster with ${nodes}${fresh ? ", made anew" : ""}; namespace ${lab.namespaces.join(", ")}`;
}

/** The text of `labs show`: what it is about, what it needs, what verify asks, the story. */
export function showText(lab: Lab, program: string): string {
  const titles = judgedEntries(lab).map(({ entry, role }) => `  ${role === "guard" ? "keep" : "goal"}  ${entry.title}`);
  return [
    lab.title,
    lab.summary,
    "",
    `level    ${lab.level}, about ${lab.minutes} minutes`,
    `topics   ${lab.topics.join(", ")}`,
    `sandbox  ${needs(lab)}`,
    "",
    "What verify asks for:",
    ...titles,
    "",
    lab.story.trim(),
    "",
    `Start it with: ${program} start ${lab.id}`,
    "",
  ].join("\n");
}
