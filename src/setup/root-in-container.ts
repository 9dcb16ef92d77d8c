import { access } from "node:fs/promises";
import { environmentError, lastLineOf } from "../lib/errors.ts";
import type { Exec } from "../lib/exec.ts";
import type { Runtime } from "../runtime.ts";
import { goAppImage } from "../images/versions.ts";

/** A place in which commands run as root. */
export interface RootPlace {
  readonly run: Exec;
  /** Copies a file out of it to this path of the host, for this user. */
  take(from: string, to: string): Promise<void>;
  /** Removes it with everything in it; runs to its end after Ctrl-C too. */
  end(): Promise<void>;
}

/** Folders and files of this host that its programs need; what there is of them is mounted read-only. */
const hostParts = [
  "/usr /bin /sbin /lib /lib32 /lib64 /libx32 /etc/alternatives /etc/ssl /etc/ca-certificates",
  "/etc/pki /etc/crypto-policies /etc/ld.so.cache /etc/passwd /etc/group",
].flatMap((line) => line.split(" "));

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Variables that the programs in it must have: how to get to a mirror. */
const proxies = ["http_proxy", "https_proxy", "ftp_proxy", "no_proxy"].flatMap((name) => [name, name.toUpperCase()]);

/**
 * A container in which the programs of this host run as root, on the host's network: what only root may do, for a user who may use the engine.
 * The host's own folders are read-only in it; `work` is a volume of its own. The engine has to be one that shares this machine's files.
 */
export async function rootInContainer(rt: Runtime, work: string): Promise<RootPlace> {
  const name = `labs-root-${rt.host.pid}`;
  const docker = (argv: readonly string[]) => rt.exec(["docker", ...argv]);
  const end = async (): Promise<void> => {
    const signal = new AbortController().signal;
    await rt.exec(["docker", "rm", "-f", "-v", name], { allowFailure: true, signal, timeoutMs: 60_000 });
  };
  const there = await Promise.all(hostParts.map(isThere));
  const mounts = hostParts.filter((_, index) => there[index]).flatMap((path) => ["-v", `${path}:${path}:ro`]);
  const env = proxies.filter((key) => (rt.env[key] ?? "") !== "").flatMap((key) => ["-e", key]);
  // The only image that is always there holds one program and nothing else: nothing of it is used.
  const image = ["--entrypoint", "/bin/sleep", goAppImage, "infinity"];
  const fixed =
    "--pull never --privileged --network host --user 0:0 --tmpfs /tmp -e PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  try {
    await docker([
      "run",
      "-d",
      "--name",
      name,
      ...fixed.split(" "),
      ...mounts,
      ...env,
      "-v",
      work,
      "-w",
      work,
      ...image,
    ]);
  } catch (error) {
    await end();
    if (rt.signal.aborted) throw error;
    throw environmentError(`no container of the engine runs this host's programs as root: ${lastLineOf(error)}`, {
      cure: "let the engine reach a registry (docker.io), and try again",
      cause: error,
    });
  }
  return {
    run: (argv, options) => rt.exec(["docker", "exec", name, ...argv], options),
    take: async (from, to) => {
      await docker(["cp", `${name}:${from}`, to]);
    },
    end,
  };
}
