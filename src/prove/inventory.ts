import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { sandboxEnv } from "../flows/sandbox-env.ts";
import { labelKeys } from "../images/labels.ts";
import { recipeLabel } from "../images/versions.ts";
import type { Runtime } from "../runtime.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Session } from "../session/session.ts";
import { readState } from "../session/store.ts";
import { hasCluster } from "../sandbox/capabilities.ts";

/**
 * What exists, listed by the ordinary command-line tools and not by the code that cleans up, so that a mistake there shows. Lines as
 * "network labs-1a2b3c-4d5e6f".
 */
export type Inventory = ReadonlySet<string>;

/** Kinds that come and go by themselves. */
const volatile = /^(events|leases|endpointslices|componentstatuses|csistoragecapacities|podmetrics|nodemetrics)(\.|$)/;

async function lines(rt: Runtime, argv: readonly [string, ...string[]], prefix: string, env = {}): Promise<string[]> {
  const { stdout } = await rt.exec(argv, { env, timeoutMs: 60_000 });
  return stdout
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => `${prefix}${line}`);
}

/**
 * What of this sandbox the engine has: containers and networks by its name, our images, and volumes that no container uses. Other people's
 * work on the same engine comes and goes meanwhile and is not counted; a volume that we leave behind has lost its container.
 */
export async function dockerInventory(rt: Runtime, sandbox: string): Promise<Inventory> {
  const own = `name=^/?${sandbox}(-|$)`;
  const found = await Promise.all([
    lines(rt, ["docker", "ps", "-a", "--filter", own, "--format", "{{.Names}}"], "container "),
    lines(rt, ["docker", "ps", "-a", "--filter", `network=${sandbox}`, "--format", "{{.Names}}"], "container "),
    lines(rt, ["docker", "network", "ls", "--filter", `name=^${sandbox}$`, "--format", "{{.Name}}"], "network "),
    lines(rt, ["docker", "volume", "ls", "--filter", "dangling=true", "--format", "{{.Name}}"], "volume "),
    ourImages(rt),
    imageLines(rt, [`reference=${sandbox}-*`]),
    imageLines(rt, [`label=${labelKeys.sandbox}=${sandbox}`], ["-a"]),
  ]);
  return new Set(found.flat());
}

function imageLines(rt: Runtime, filters: readonly string[], flags: readonly string[] = []): Promise<string[]> {
  const args = filters.flatMap((filter) => ["--filter", filter]);
  return lines(rt, ["docker", "images", ...flags, ...args, "--format", "{{.Repository}}:{{.Tag}} {{.ID}}"], "image ");
}

/** Images under our names but for those of set-up, which carry its label and may come meanwhile: another lab needed them. */
async function ourImages(rt: Runtime): Promise<string[]> {
  const [all, setUp] = await Promise.all([
    imageLines(rt, ["reference=labs/*"]),
    imageLines(rt, ["reference=labs/*", `label=${recipeLabel}`]),
  ]);
  return all.filter((image) => !setUp.includes(image));
}

/** Every object of every listable kind; nothing for Docker sandboxes. */
export async function kubeInventory(rt: Runtime, sandbox: Sandbox, session: Session): Promise<Inventory> {
  if (!hasCluster(sandbox)) return new Set();
  const env = await sandboxEnv(rt, session);
  const kinds = await lines(rt, ["kubectl", "api-resources", "--verbs=list", "-o", "name"], "", env);
  const wanted = kinds.filter((kind) => !volatile.test(kind)).join(",");
  const fields = '{.metadata.ownerReferences[*].name}{"|"}{.metadata.deletionTimestamp}{"|"}{.kind}{" "}';
  const format = `{range .items[*]}${fields}{.metadata.namespace}{"/"}{.metadata.name}{"\\n"}{end}`;
  const found = await lines(rt, ["kubectl", "get", wanted, "-A", "-o", `jsonpath=${format}`], "", env);
  // What has an owner comes and goes with it, under names of its own; what is on its way out is not there any more.
  return new Set(found.filter((line) => line.startsWith("||")).map((line) => `object ${line.slice(2)}`));
}

/** A session and other state of this home, and, where nobody else works in this process, child processes of this program. */
export async function hostInventory(rt: Runtime, alone: boolean): Promise<Inventory> {
  const files = await readdir(rt.paths.home).catch((): string[] => []);
  const list = join("/proc", `${rt.host.pid}`, "task", `${rt.host.pid}`, "children");
  const children = alone ? await readFile(list, "utf8").catch(() => "") : "";
  const { session, damaged } = await readState(rt);
  // The lock is held by the proof itself; the file that says that no lab runs is no trace of one.
  const state = files.filter((name) => name === "workspace" || name.endsWith(".next"));
  return new Set([
    ...(session !== undefined || damaged ? ["file session.json"] : []),
    ...state.map((name) => `file ${name}`),
    ...children
      .split(" ")
      .filter((pid) => pid.trim() !== "")
      .map((pid) => `process ${pid}`),
  ]);
}

/** What is there now and was not before, and the other way round; empty when equal. */
export function differences(before: Inventory, after: Inventory): string[] {
  return [
    ...[...after].filter((line) => !before.has(line)).map((line) => `left behind: ${line}`),
    ...[...before].filter((line) => !after.has(line)).map((line) => `missing: ${line}`),
  ];
}
