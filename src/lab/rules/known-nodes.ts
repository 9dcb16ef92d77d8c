import { problem } from "../problem.ts";
import type { Rule } from "./rule.ts";
import { clusterTopology } from "../topology.ts";

/** Kubernetes keeps these by itself, so they are not compared either. */
const RESERVED = /(^|\.)(kubernetes|k8s)\.io\//;

/** Nodes that a lab dresses are workers of its sandbox, each named once, with labels and taints of the lab's own. */
export const knownNodes: Rule = ({ lab, place }) => {
  const { workers } = clusterTopology(lab.topology) ?? { workers: 0 };
  return lab.nodes.flatMap(({ worker, labels, taints }, index) => {
    const messages = [
      ...(worker > workers ? [`there is no worker ${worker}: the sandbox has ${workers}`] : []),
      ...(lab.nodes.findIndex((node) => node.worker === worker) < index ? [`worker ${worker} is there twice`] : []),
      ...[...Object.keys(labels), ...taints.map(({ key }) => key)]
        .filter((key) => RESERVED.test(key))
        .map((key) => `${key} belongs to Kubernetes`),
    ];
    return messages.map((message) => problem(place(["nodes", index]), message));
  });
};
