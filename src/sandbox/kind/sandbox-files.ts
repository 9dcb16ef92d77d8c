import { chmod, mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { parseDocument, stringify } from "yaml";
import { z } from "zod";
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

const kubeconfigShape = z.looseObject({
  "current-context": z.string(),
  contexts: z.array(z.looseObject({ name: z.string(), context: z.looseObject({ namespace: z.string().optional() }) })),
});

/** A kubeconfig with its current context; undefined for a text that is none. */
function readContext(text: string) {
  const document = parseDocument(text);
  const config = document.errors.length > 0 ? undefined : kubeconfigShape.safeParse(document.toJS()).data;
  const current = config?.contexts.find(({ name }) => name === config["current-context"]);
  return config === undefined || current === undefined ? undefined : { config, current };
}

/** The same kubeconfig with this namespace as the default. */
function withNamespace(text: string, namespace: string | undefined): string {
  const read = readContext(text);
  if (read === undefined || namespace === undefined) return text;
  read.current.context.namespace = namespace;
  return stringify(read.config, { lineWidth: 0 });
}

/**
 * Makes this cluster the one of the home's kubeconfig, whole or not at all. The default namespace that is in there already stays, unless a
 * new lab begins.
 */
export async function publishKubeconfig(rt: Where, file: string, newLab: boolean): Promise<void> {
  const text = await readFile(file, "utf8");
  const current = await readFile(rt.paths.kubeconfig, "utf8").catch(() => undefined);
  if (current !== text) {
    const there = newLab || current === undefined ? undefined : readContext(current)?.current;
    const same = there !== undefined && there.name === readContext(text)?.current.name;
    const wanted = withNamespace(text, same ? there.context.namespace : undefined);
    if (current !== wanted) await writePrivate(rt.paths.kubeconfig, wanted);
  }
  await chmod(rt.paths.kubeconfig, 0o600);
}

/** Gives the home's kubeconfig a default namespace; one that it has already stays. */
export async function defaultNamespace(rt: Where, choose: () => Promise<string | undefined>): Promise<void> {
  const current = await readFile(rt.paths.kubeconfig, "utf8");
  if (readContext(current)?.current.context.namespace !== undefined) return;
  const wanted = withNamespace(current, await choose());
  if (wanted !== current) await writePrivate(rt.paths.kubeconfig, wanted);
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
