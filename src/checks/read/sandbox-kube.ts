import type { Kube } from "../../kube/kube.ts";
import type { DockerSandbox } from "../../sandbox/sandbox.ts";
import type { CheckContext } from "../check.ts";

/** The cluster of a check that needs one; lab files are validated against the providers of their checks, so this cannot miss. */
export function kubeOf({ sandbox }: Pick<CheckContext, "sandbox">): Kube {
  if (sandbox.provider === "kind") return sandbox.kube;
  throw new Error("this check needs a cluster, and the lab runs in Docker");
}

/** The Docker sandbox of a check that needs one. */
export function dockerOf({ sandbox }: Pick<CheckContext, "sandbox">): DockerSandbox {
  if (sandbox.provider === "docker") return sandbox;
  throw new Error("this check needs a Docker lab, and the lab runs in a cluster");
}
