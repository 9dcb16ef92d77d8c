import { parseAllDocuments, type Document } from "yaml";
import type { Docker } from "../../docker/docker.ts";
import { environmentError } from "../../lib/errors.ts";
import type { Kube, KubeObject } from "../../kube/kube.ts";
import { controlPlaneLabel } from "../sandbox.ts";
import { withoutForward } from "./close-dns.ts";

/** Prints what kubeadm would install with the configuration that kind left on the node. */
const print = ["kubeadm", "init", "phase", "addon", "coredns", "--config", "/kind/kubeadm.conf", "--print-manifest"];

function adapt(document: Document): KubeObject {
  const kind = document.get("kind");
  const pod = ["spec", "template", "spec"];
  if (kind === "Deployment") {
    // All on one node, as below: a second pod would guard against nothing, and costs a new cluster time.
    document.setIn(["spec", "replicas"], 1);
    // By default readiness is looked at every 10 s only.
    document.setIn([...pod, "containers", 0, "readinessProbe", "periodSeconds"], 1);
    document.setIn([...pod, "nodeSelector", controlPlaneLabel], "");
  }
  const corefile = document.getIn(["data", "Corefile"]);
  if (typeof corefile === "string") document.setIn(["data", "Corefile"], withoutForward(corefile));
  // Meant for an update; the API server refuses to create with it.
  document.deleteIn(["metadata", "resourceVersion"]);
  const object: KubeObject = document.toJS();
  return object;
}

/** CoreDNS as kubeadm prints it, but closed, quick to be seen ready, and one pod on the control plane, as all that labs leave alone: drains pass it by. */
export function dnsObjects(printed: string): KubeObject[] {
  return parseAllDocuments(printed).map((document) => {
    const [problem] = "errors" in document ? document.errors : [];
    if (problem !== undefined) throw problem;
    return adapt(document);
  });
}

/** Has the first of the nodes, a control plane that need not be up yet, print the DNS of its cluster. */
export async function printDns(docker: Docker, [controlPlane = ""]: readonly string[]): Promise<KubeObject[]> {
  const { exitCode, stdout, stderr } = await docker.exec(controlPlane, print);
  if (exitCode !== 0) throw environmentError(`kubeadm on ${controlPlane} does not print its DNS: ${stderr.trim()}`);
  return dnsObjects(stdout);
}

/** Installs the DNS of a new cluster, in place of kubeadm: with kubeadm's own its pods would start with ways out, and have to start again. */
export async function deployDns(kube: Kube, objects: readonly KubeObject[]): Promise<void> {
  // Its pods ask for the others.
  await Promise.all(objects.filter(({ kind }) => kind !== "Deployment").map((object) => kube.create(object)));
  await Promise.all(objects.filter(({ kind }) => kind === "Deployment").map((object) => kube.create(object)));
}
