import { randomBytes } from "node:crypto";
import { environmentError } from "../../lib/errors.ts";
import { KubeError } from "../../kube/kube-error.ts";
import type { Kube, KubeObject } from "../../kube/kube.ts";
import { poll } from "../../lib/poll.ts";
import type { Runtime } from "../../runtime.ts";
import { systemNamespace } from "../sandbox.ts";
import { agentAnswers, agentTokenRef, readAgentToken } from "./agent.ts";
import { agentManifests, agentPodRef, agentRefusal, phaseOf, spoiltAgent } from "./spoilt-agent.ts";

const READY_WITHIN_MS = 60_000;

/** Creates an object that may be there already. */
async function ensure(kube: Kube, object: KubeObject): Promise<void> {
  try {
    await kube.create(object);
  } catch (error) {
    if (!(error instanceof KubeError) || error.reason !== "AlreadyExists") throw error;
  }
}

/** Makes the namespace of our own objects. */
export function ensureSystemNamespace(kube: Kube): Promise<void> {
  return ensure(kube, { apiVersion: "v1", kind: "Namespace", metadata: { name: systemNamespace } });
}

/** Puts the agent into the cluster without waiting for it. What is there and healthy stays as it is. */
export async function startAgent(rt: Runtime, kube: Kube): Promise<void> {
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
  for (const object of await agentManifests(rt)) await ensure(kube, object);
}

/** Takes the agent's pod away, so that it can be made anew. */
export async function removeAgent(rt: Runtime, kube: Kube): Promise<void> {
  await kube.delete(agentPodRef, { graceSeconds: 0 });
  await poll(
    async () =>
      (await kube.get(agentPodRef)) === undefined ? { done: true, value: true } : { done: false, seen: "terminating" },
    { clock: rt.clock, signal: rt.signal, withinMs: 10_000, everyMs: 100 },
  );
}

/** Waits until the agent answers through the API server; a pod that ended, was changed or has another token is made anew. */
export async function agentReady(rt: Runtime, kube: Kube): Promise<void> {
  const up = await poll(
    async () => {
      const pod = await kube.get(agentPodRef);
      const spoilt = await spoiltAgent(rt, pod);
      if (pod === undefined || spoilt !== undefined) {
        if (pod !== undefined) await removeAgent(rt, kube);
        await startAgent(rt, kube);
        return { done: false, seen: spoilt ?? "made anew" };
      }
      const phase = phaseOf(pod);
      if (phase !== "Running" || !(await agentAnswers(kube)))
        return { done: false, seen: `labs-system/agent is ${phase}` };
      const refusal = await agentRefusal(kube);
      if (refusal === undefined) return { done: true, value: true };
      await removeAgent(rt, kube);
      return { done: false, seen: refusal };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: READY_WITHIN_MS, everyMs: 150 },
  );
  if (up.ok) return;
  throw environmentError(`the load agent did not start within ${READY_WITHIN_MS / 1000} s: ${up.seen}`, {
    cure: `${rt.program} down, then start again`,
  });
}
