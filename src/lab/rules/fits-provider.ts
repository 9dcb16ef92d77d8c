import type { FaultEntry } from "../lab.ts";
import { problem, type Problem } from "../problem.ts";
import type { LabSource } from "../read/read-lab.ts";
import { WORKSPACE } from "../workspace.ts";
import type { Rule } from "./rule.ts";
import { offersNeed } from "../needs.ts";

function faultProblem(entry: FaultEntry, { lab }: LabSource): string | undefined {
  const docker = offersNeed(lab.topology.provider, "containers");
  const names = lab.containers.map((container) => container.name);
  if (entry.do === "files") {
    if (lab.workspace.size === 0) return "there is no workspace to copy files into";
    return docker ? undefined : "files are for Docker labs";
  }
  if (entry.do === "stop") {
    if (!docker) return "stop is for Docker labs";
    return names.includes(entry.container) ? undefined : `there is no container "${entry.container}"`;
  }
  if (entry.do === "recreate") {
    if (!docker) return "recreate is for Docker labs";
    return names.includes(entry.container.name) ? undefined : `there is no container "${entry.container.name}"`;
  }
  if (entry.do === "restart") {
    if (docker) return "restart is for Kubernetes labs: recreate the container";
    const [kind, name] = entry.workload.split("/");
    const known = lab.base.some((object) => object.kind.toLowerCase() === kind && object.metadata.name === name);
    return known ? undefined : `there is no ${entry.workload} in base`;
  }
  return docker ? `${entry.do} is for Kubernetes labs` : undefined;
}

/** A lab uses what its sandbox has: namespaces and manifests, or containers. */
export const fitsProvider: Rule = (source) => {
  const { lab, place } = source;
  const found: Problem[] = [];
  if (offersNeed(lab.topology.provider, "cluster")) {
    if (lab.namespaces.length === 0) found.push(problem(place(["sandbox"]), "a Kubernetes lab names its namespaces"));
    if (lab.base.length === 0) found.push(problem(place(["sandbox"]), "a Kubernetes lab has manifests in base"));
    if (lab.containers.length > 0) found.push(problem(place(["containers"]), "containers are for Docker labs"));
    if (lab.workspace.size > 0) found.push(problem({ file: WORKSPACE }, "a workspace is for Docker labs"));
  } else {
    if (!lab.containers.some((container) => container.part === "base")) {
      found.push(problem(place(["sandbox"]), "a Docker lab has containers, at least one of them in base"));
    }
    for (const [index, { build }] of lab.containers.entries()) {
      if (build === undefined || lab.workspace.has(`${build}/Dockerfile`.slice(WORKSPACE.length + 1))) continue;
      found.push(problem(place(["containers", index, "build"]), `there is no ${build}/Dockerfile`));
    }
    for (const key of ["namespaces", "stage", "base", "nodes"] as const) {
      if (lab[key].length > 0) found.push(problem(place([key]), `${key} is for Kubernetes labs`));
    }
  }
  for (const { id, fault } of lab.variants) {
    for (const [index, entry] of fault.entries()) {
      const message = faultProblem(entry, source);
      if (message !== undefined) found.push(problem(place(["variants", id, "fault", index]), message));
    }
  }
  return found;
};
