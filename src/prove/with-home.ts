import { join } from "node:path";
import type { Runtime } from "../runtime.ts";

/** The same runtime with a home of its own, so that a proof never meets the learner's session or sandbox. */
export function withHome(rt: Runtime, home: string): Runtime {
  return {
    ...rt,
    docker: () => rt.docker(),
    kube: (kubeconfig) => rt.kube(kubeconfig),
    paths: { ...rt.paths, home, kubeconfig: join(home, "kubeconfig") },
  };
}
