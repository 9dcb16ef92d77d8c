import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Runtime } from "../runtime.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { sandboxEnv } from "../session/sandbox-env.ts";
import type { Session } from "../session/session.ts";

/**
 * What exists, listed by the ordinary command-line tools and not by the code that cleans up, so that a mistake there shows. Lines as
 * "network labs-1a2b3c-0w".
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

/** Containers, networks, volumes and tagged images of the engine. */
export async function dockerInventory(rt: Runtime): Promise<Inventory> {
  const found = await Promise.all([
    lines(rt, ["docker", "ps", "-a", "--format", "{{.Names}}"], "container "),
    lines(rt, ["docker", "network", "ls", "--format", "{{.Name}}"], "network "),
    lines(rt, ["docker", "volume", "ls", "--format", "{{.Name}}"], "volume "),
    lines(rt, ["docker", "images", "--format", "{{.Repository}}:{{.Tag}}"], "image "),
  ]);
  return new Set(found.flat());
}

/** Every object of every listable kind; nothing for Docker sandboxes. */
export async function kubeInventory(rt: Runtime, sandbox: Sandbox, session: Session): Promise<Inventory> {
  if (sandbox.provider !== "kind") return new Set();
  const env = await sandboxEnv(rt, session);
  const kinds = await lines(rt, ["kubectl", "api-resources", "--verbs=list", "-o", "name"], "", env);
  const wanted = kinds.filter((kind) => !volatile.test(kind)).join(",");
  const format = '{range .items[*]}{.kind}{" "}{.metadata.namespace}{"/"}{.metadata.name}{"\\n"}{end}';
  return new Set(await lines(rt, ["kubectl", "get", wanted, "-A", "-o", `jsonpath=${format}`], "object ", env));
}

/** State files of this home, and child processes of this program. */
export async function hostInventory(rt: Runtime): Promise<Inventory> {
  const files = await readdir(rt.paths.home).catch((): string[] => []);
  const children = await readFile(join("/proc", `${rt.host.pid}`, "task", `${rt.host.pid}`, "children"), "utf8").catch(
    () => "",
  );
  const state = files.filter((name) => ["session.json", "lock"].includes(name));
  return new Set([
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
