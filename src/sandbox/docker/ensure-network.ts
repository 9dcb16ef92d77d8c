import type { Docker } from "../../docker/docker.ts";
import { labelKeys } from "../../images/labels.ts";
import { environmentError } from "../../lib/errors.ts";
import type { Runtime } from "../../runtime.ts";
import { createFreeNetwork } from "../../setup/address-range.ts";
import { networkLabels } from "../home-id.ts";

/** The sandbox's network, closed; true when it had to be made. */
export async function ensureNetwork(rt: Runtime, docker: Docker, name: string): Promise<boolean> {
  const found = await docker.network(name);
  if (found === undefined) {
    await createFreeNetwork(rt, docker, { name, labels: networkLabels(rt, name), internal: true });
    return true;
  }
  if (found.labels[labelKeys.sandbox] !== name) {
    throw environmentError(`the Docker network ${name} exists and is not ours`, { cure: `docker network rm ${name}` });
  }
  if (!found.internal) {
    throw environmentError(`the Docker network ${name} is open to the outside`, { cure: `${rt.program} down` });
  }
  return false;
}
