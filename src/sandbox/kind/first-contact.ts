import type { Kube } from "../../kube/kube.ts";
import { environmentError } from "../../lib/errors.ts";
import { poll } from "../../lib/poll.ts";
import type { Runtime } from "../../runtime.ts";
import { addressesOf, type ApiAddress, apiWays, type ApiWays, findWay, outOfReach, ownNetwork } from "./api-contact.ts";
import { recoverKubeconfig } from "./recover-kubeconfig.ts";

/** True once the API server is up and lets us in; false when that takes longer than `withinMs`. */
export async function apiReady(rt: Runtime, kube: Kube, withinMs: number): Promise<boolean> {
  const up = await poll(
    async () => ((await kube.ready(2000)) ? { done: true, value: true } : { done: false, seen: "not ready" }),
    { clock: rt.clock, signal: rt.signal, withinMs, everyMs: 100 },
  );
  return up.ok;
}

const CREDENTIALS_WITHIN_MS = 60_000;
const API_WITHIN_MS = 120_000;
/** From then on we also ask elsewhere: whatever listens where we ask may be another program. */
const ONE_WAY_MS = 30_000;
/** Looks that find an API server up in its node, and silent to us, before we give up. */
const LOOKS_IN_VAIN = 3;

/** Run in the control plane: its API server answers there. */
const upInside = ["kubectl", "--kubeconfig", "/etc/kubernetes/admin.conf", "get", "--raw", "/readyz"];

/**
 * A cluster that kind is still making, as soon as its API server lets us in: seconds before kind is done.
 * Throws an environment error where kubeadm writes no credentials, or the API server does not come up, and an ApiOutOfReachError, mostly within
 * 5 s, where it cannot be asked from here.
 */
export async function firstContact(
  rt: Runtime,
  name: string,
  networkId: string,
  nodes: readonly string[],
  view = ownNetwork,
): Promise<Kube> {
  const [controlPlane = ""] = nodes;
  const ways = apiWays(name, await (await rt.docker()).inspect(controlPlane));
  const address = await findWay(rt, name, ways, view);
  const kubeAt = async (where: ApiAddress): Promise<Kube | undefined> => {
    const kubeconfig = await recoverKubeconfig(rt, name, networkId, nodes, where);
    return kubeconfig === undefined ? undefined : rt.kube(kubeconfig);
  };
  const credentials = await poll(
    async () => {
      const kube = await kubeAt(address);
      return kube === undefined ? { done: false, seen: "not there" } : { done: true, value: kube };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: CREDENTIALS_WITHIN_MS },
  );
  if (!credentials.ok) {
    throw environmentError(
      `no credentials of cluster ${name} within ${CREDENTIALS_WITHIN_MS / 1000} s: ${credentials.seen}`,
    );
  }
  if (await apiReady(rt, credentials.value, ONE_WAY_MS)) return credentials.value;
  return anyContact(rt, name, controlPlane, ways, kubeAt);
}

/** Asks at every address in turn, until one lets us in, or none does although the API server is up. */
async function anyContact(
  rt: Runtime,
  name: string,
  controlPlane: string,
  ways: ApiWays,
  kubeAt: (where: ApiAddress) => Promise<Kube | undefined>,
): Promise<Kube> {
  const docker = await rt.docker();
  const addresses = addressesOf(ways);
  let inVain = 0;
  const found = await poll(
    async () => {
      for (const address of addresses) {
        const kube = await kubeAt(address);
        if ((await kube?.ready(2000)) === true && kube !== undefined) return { done: true, value: kube };
      }
      const { exitCode } = await docker.exec(controlPlane, upInside, { timeoutMs: 10_000 });
      if (exitCode === 0) inVain += 1;
      if (inVain === LOOKS_IN_VAIN) return { done: true, value: undefined };
      return { done: false, seen: "not ready" };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: API_WITHIN_MS - ONE_WAY_MS, everyMs: 1000 },
  );
  if (!found.ok) {
    throw environmentError(`the API server of cluster ${name} did not come up within ${API_WITHIN_MS / 1000} s`);
  }
  if (found.value === undefined) throw outOfReach(rt, name, addresses);
  return found.value;
}
