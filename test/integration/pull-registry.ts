import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { poll } from "../../src/lib/poll.ts";
import type { Runtime } from "../../src/runtime.ts";
import { which } from "../../src/setup/which.ts";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** The folder into which a package of this system was unpacked, below `folder`; undefined where there is no such package. */
export async function unpackPackage(rt: Runtime, name: string, folder: string): Promise<string | undefined> {
  if ((await which(rt, "apt-get")) === undefined) return undefined;
  const download = async (): Promise<string | undefined> => {
    await rt.exec(["apt-get", "download", name], { cwd: folder, allowFailure: true, timeoutMs: 120_000 });
    return (await readdir(folder)).find((file) => file.startsWith(`${name}_`));
  };
  let archive = await download();
  if (archive === undefined) {
    // A fresh machine has no package lists yet.
    await rt.exec(["apt-get", "update", "-qq"], { allowFailure: true, timeoutMs: 120_000 });
    archive = await download();
  }
  if (archive === undefined) return undefined;
  await rt.exec(["dpkg", "-x", archive, join(folder, name)], { cwd: folder });
  return join(folder, name);
}

/** Debian's docker-registry: the installed one, else unpacked from its package into `folder`. Undefined where there is no such package. */
export async function findRegistry(rt: Runtime, folder: string): Promise<string | undefined> {
  const installed = (await which(rt, "docker-registry")) ?? (await which(rt, "registry"));
  if (installed !== undefined) return installed;
  const unpacked = await unpackPackage(rt, "docker-registry", folder);
  return unpacked === undefined ? undefined : join(unpacked, "usr", "bin", "docker-registry");
}

/** A registry that listens on loopback until it is stopped. */
export interface Registry {
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts a registry with an empty store. */
export async function startRegistry(rt: Runtime): Promise<Registry | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "labs-registry-"));
  const stopAll = () => rm(folder, { recursive: true, force: true });
  const program = await findRegistry(rt, folder);
  if (program === undefined) {
    await stopAll();
    return undefined;
  }
  const address = `127.0.0.1:${await freePort()}`;
  const store = join(folder, "store");
  await mkdir(store);
  const config = { version: "0.1", storage: { filesystem: { rootdirectory: store } }, http: { addr: address } };
  // JSON is YAML too.
  await writeFile(join(folder, "config.yml"), JSON.stringify(config));
  const child = spawn(program, ["serve", join(folder, "config.yml")], { stdio: "ignore" });
  const ended = new Promise((done) => child.once("exit", done));
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    await stopAll();
  };
  const up = await poll(
    async () => {
      const { ok, status } = await fetch(`http://${address}/v2/`);
      return ok ? { done: true, value: undefined } : { done: false, seen: `status ${status}` };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: 15_000, everyMs: 100 },
  );
  if (!up.ok) {
    await stop();
    throw new Error(`the registry did not start: ${up.seen}`);
  }
  return { address, stop };
}
