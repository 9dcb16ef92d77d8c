import { dirname } from "node:path";
import { engineVariables } from "../docker/dial-options.ts";
import { awaitOthers, undoInterrupted } from "./at-work.ts";
import { offersNeed } from "../lab/needs.ts";
import { closeSandbox, requireSession } from "./find-session.ts";
import { loadLab } from "./load.ts";
import type { Runtime } from "../runtime.ts";
import { defaultNamespace } from "../sandbox/kind/sandbox-files.ts";
import { ensureReady } from "../setup/ensure-ready.ts";
import type { Session } from "../session/session.ts";
import { workspaceDir } from "../session/workspace.ts";
import type { Progress } from "../ui/progress.ts";

/** Variables of a process; `undefined` removes one. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What a process needs for its kubectl, docker and helm to see the lab and nothing else. */
export interface SandboxView {
  readonly variables: Variables;
  /** Folder of a kubectl that setup brought and that is not on the learner's own PATH. */
  readonly path?: string;
}

/** Each of these leads kubectl, helm or docker elsewhere, whatever KUBECONFIG and DOCKER_HOST say. */
const elsewhere = {
  BUILDX_BUILDER: undefined,
  HELM_KUBECONTEXT: undefined,
  HELM_KUBEAPISERVER: undefined,
  HELM_KUBETOKEN: undefined,
  HELM_NAMESPACE: undefined,
  // In a pod, kubectl without a cluster in its kubeconfig talks to the pod's own.
  KUBERNETES_SERVICE_HOST: undefined,
  // The learner's kuberc may name a namespace or a context for every command.
  KUBERC: "off",
} as const;

/** What the Docker CLI asks of its environment when it looks for an engine. */
const engineNames = "HOST CONTEXT CONFIG TLS TLS_VERIFY CERT_PATH API_VERSION"
  .split(" ")
  .map((name) => `DOCKER_${name}`);

/** The engine that this program talks to, whatever the variables become later. */
async function sameEngine(env: Runtime["env"]): Promise<Variables> {
  const given = Object.fromEntries(engineNames.map((name) => [name, env[name]]));
  return { ...given, ...(await engineVariables(env)) };
}

/** How the learner's own tools see this session's lab. A Docker lab has no cluster: kubectl sees none, and not the learner's own. */
export async function sandboxView(rt: Runtime, session: Session): Promise<SandboxView> {
  const common = {
    LABS_LAB: session.lab.id,
    LABS_SANDBOX: session.sandbox.name,
    ...elsewhere,
    ...(await sameEngine(rt.env)),
  };
  if (!offersNeed(session.sandbox.provider, "cluster")) {
    const workspace = session.workspace === undefined ? {} : { LABS_WORKSPACE: workspaceDir(rt) };
    return { variables: { ...common, KUBECONFIG: "/dev/null", LABS_NETWORK: session.sandbox.name, ...workspace } };
  }
  const folder = dirname((await ensureReady(rt, { kind: true })).kubectl);
  const reachable = (rt.env["PATH"] ?? "").split(":").includes(folder);
  return {
    variables: { ...common, KUBECONFIG: rt.paths.kubeconfig },
    ...(reachable ? {} : { path: folder }),
  };
}

/**
 * Sees to it that the learner's own tools can work in the running lab: its sandbox is awake, and kubectl works in the lab's namespace. Exit 4
 * without a lab, 3 when its sandbox is gone.
 */
export async function enterLab(rt: Runtime, progress: Progress): Promise<Session> {
  await awaitOthers(rt, progress);
  const { session, sandbox } = await requireSession(rt, progress);
  await undoInterrupted(rt, session, progress, sandbox);
  await closeSandbox(sandbox);
  await enterNamespace(rt, session);
  return session;
}

/** Makes the lab's first namespace the one that kubectl works in by itself, unless the learner has chosen another. */
async function enterNamespace(rt: Runtime, session: Session): Promise<void> {
  if (!offersNeed(session.sandbox.provider, "cluster")) return;
  await defaultNamespace(rt, async () => (await loadLab(rt, session.lab.dir)).namespaces[0]);
}

/** The variables under which one process sees the lab; `undefined` removes a variable. */
export async function sandboxEnv(rt: Runtime, session: Session): Promise<Variables> {
  return withPath(await sandboxView(rt, session), rt.env["PATH"]);
}

/** The view's variables with PATH, for a process that starts with them. */
export function withPath({ variables, path }: SandboxView, searched: string | undefined): Variables {
  return path === undefined ? variables : { ...variables, PATH: `${path}:${searched ?? ""}` };
}
