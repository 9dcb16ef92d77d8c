import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseAllDocuments } from "yaml";
import { environmentError } from "../../errors.ts";
import { KubeError } from "../../kube/kube-error.ts";
import type { Kube, KubeObject } from "../../kube/kube.ts";
import { objectOf } from "../../kube/response.ts";
import { poll } from "../../poll.ts";
import type { Runtime } from "../../runtime.ts";
import { systemNamespace } from "../sandbox.ts";
import { agentAnswers, agentTokenRef, readAgentToken } from "./agent.ts";

const READY_WITHIN_MS = 60_000;

/** Creates an object that may be there already. */
async function ensure(kube: Kube, object: KubeObject): Promise<void> {
  try {
    await kube.create(object);
  } catch (error) {
    if (!(error instanceof KubeError) || error.reason !== "AlreadyExists") throw error;
  }
}

async function manifests(rt: Runtime): Promise<KubeObject[]> {
  const text = await readFile(path.join(rt.paths.manifests, "agent", "agent.yaml"), "utf8");
  return parseAllDocuments(text).map((document) => objectOf(document.toJS()));
}

function phaseOf(pod: KubeObject | undefined): string | undefined {
  const status = pod?.["status"];
  return typeof status === "object" && status !== null && "phase" in status ? String(status.phase) : undefined;
}

/** Makes the namespace of our own objects. */
export function ensureSystemNamespace(kube: Kube): Promise<void> {
  return ensure(kube, { apiVersion: "v1", kind: "Namespace", metadata: { name: systemNamespace } });
}

/** Puts the agent into the cluster without waiting for it. What is there and healthy stays as it is. */
async function deployAgent(rt: Runtime, kube: Kube): Promise<void> {
  await ensureSystemNamespace(kube);
  if ((await readAgentToken(kube)) === undefined) {
    const { name, namespace, apiVersion, kind } = agentTokenRef;
    await kube.delete(agentTokenRef);
    await ensure(kube, {
      apiVersion,
      kind,
      metadata: { name, namespace },
      stringData: { token: randomBytes(16).toString("hex") },
    });
    // A pod with another token in its environment must not stay.
    await removeAgent(rt, kube);
  }
  for (const object of await manifests(rt)) await ensure(kube, object);
}

const podRef = { apiVersion: "v1", kind: "Pod", name: "agent", namespace: systemNamespace } as const;

/** Takes the agent's pod away, so that it can be made anew. */
export async function removeAgent(rt: Runtime, kube: Kube): Promise<void> {
  await kube.delete(podRef, { graceSeconds: 0 });
  await poll(
    async () =>
      (await kube.get(podRef)) === undefined ? { done: true, value: true } : { done: false, seen: "terminating" },
    { clock: rt.clock, signal: rt.signal, withinMs: 10_000, everyMs: 100 },
  );
}

/** Waits until the agent answers through the API server; a pod that ended is made anew. */
export async function agentReady(rt: Runtime, kube: Kube): Promise<void> {
  const up = await poll(
    async () => {
      const pod = await kube.get(podRef);
      const phase = phaseOf(pod);
      const dead = phase === "Failed" || phase === "Succeeded" || pod?.metadata.deletionTimestamp !== undefined;
      if (pod === undefined || dead) {
        if (pod !== undefined) await removeAgent(rt, kube);
        await deployAgent(rt, kube);
        return { done: false, seen: "made anew" };
      }
      if (phase === "Running" && (await agentAnswers(kube))) return { done: true, value: true };
      return { done: false, seen: `pod labs-system/agent is ${phase ?? "unknown"}` };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: READY_WITHIN_MS, everyMs: 150 },
  );
  if (up.ok) return;
  throw environmentError(`the load agent did not start within ${READY_WITHIN_MS / 1000} s: ${up.seen}`, {
    cure: `${rt.program} down, then start again`,
  });
}
