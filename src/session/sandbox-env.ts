import { dirname } from "node:path";
import type { Runtime } from "../runtime.ts";
import { ensureReady } from "../setup/ensure-ready.ts";
import type { Session } from "./session.ts";
import { workspaceDir } from "./workspace.ts";

/** Variables under which the learner's own tools see the lab and nothing else. */
export async function sandboxEnv(rt: Runtime, session: Session): Promise<Record<string, string>> {
  const common = { LABS_LAB: session.lab.id, LABS_SANDBOX: session.sandbox.name };
  if (session.sandbox.provider !== "kind") {
    const workspace = session.workspace === undefined ? {} : { LABS_WORKSPACE: workspaceDir(rt) };
    return { ...common, LABS_NETWORK: session.sandbox.name, ...workspace };
  }
  const { kubectl } = await ensureReady(rt, { kind: true });
  // A kubectl that setup brought is not on the learner's own path.
  const path = rt.env["PATH"] ?? "";
  const folder = dirname(kubectl);
  const reachable = path.split(":").includes(folder);
  return { ...common, KUBECONFIG: rt.paths.kubeconfig, ...(reachable ? {} : { PATH: `${folder}:${path}` }) };
}
