import { environmentError } from "../../errors.ts";
import type { Kube } from "../../kube/kube.ts";
import { poll } from "../../poll.ts";
import type { Runtime } from "../../runtime.ts";
import { apiReady } from "./api-ready.ts";
import { recoverKubeconfig } from "./recover-kubeconfig.ts";

const CREDENTIALS_WITHIN_MS = 60_000;
const API_WITHIN_MS = 120_000;

/**
 * A cluster that kind is still making, as soon as its API server lets us in: seconds before kind is done.
 * Throws an environment error where kubeadm writes no credentials, or the API server does not come up.
 */
export async function firstContact(
  rt: Runtime,
  name: string,
  networkId: string,
  nodes: readonly string[],
): Promise<Kube> {
  const credentials = await poll(
    async () => {
      const kubeconfig = await recoverKubeconfig(rt, name, networkId, nodes);
      return kubeconfig === undefined ? { done: false, seen: "not there" } : { done: true, value: kubeconfig };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: CREDENTIALS_WITHIN_MS },
  );
  if (!credentials.ok) {
    throw environmentError(
      `no credentials of cluster ${name} within ${CREDENTIALS_WITHIN_MS / 1000} s: ${credentials.seen}`,
    );
  }
  const kube = await rt.kube(credentials.value);
  if (await apiReady(rt, kube, API_WITHIN_MS)) return kube;
  throw environmentError(`the API server of cluster ${name} did not come up within ${API_WITHIN_MS / 1000} s`);
}
