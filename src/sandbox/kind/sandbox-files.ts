import { chmod, mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { Runtime } from "../../runtime.ts";
import { writePrivate } from "../../session/store.ts";

type Where = Pick<Runtime, "paths">;

/** Folder of what we remember of this home's sandboxes; readable by its owner only. */
export async function sandboxFolder({ paths }: Where): Promise<string> {
  const folder = path.join(paths.home, "sandboxes");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/**
 * The kubeconfig of one cluster, by the id of its network: a cluster that is made again gets another file, so that no client with the
 * certificates of the old one can be taken for its own.
 */
export async function clusterKubeconfig(rt: Where, name: string, networkId: string): Promise<string> {
  return path.join(await sandboxFolder(rt), `${name}-${networkId.slice(0, 12)}.kubeconfig`);
}

/** Makes this cluster the one of the home's kubeconfig, whole or not at all. */
export async function publishKubeconfig(rt: Where, file: string): Promise<void> {
  const text = await readFile(file, "utf8");
  const current = await readFile(rt.paths.kubeconfig, "utf8").catch(() => undefined);
  if (current !== text) await writePrivate(rt.paths.kubeconfig, text);
  await chmod(rt.paths.kubeconfig, 0o600);
}

/** Removes all files of one cluster, and the home's kubeconfig where it points to that cluster. */
export async function forgetCluster(rt: Where, name: string): Promise<void> {
  const folder = path.join(rt.paths.home, "sandboxes");
  const files = await readdir(folder).catch(() => []);
  const own = files.filter((file) => file === `${name}.json` || file.startsWith(`${name}-`));
  await Promise.all(own.map((file) => rm(path.join(folder, file), { force: true })));
  const current = await readFile(rt.paths.kubeconfig, "utf8").catch(() => "");
  if (new RegExp(`^current-context: kind-${name}$`, "m").test(current)) await rm(rt.paths.kubeconfig, { force: true });
}
