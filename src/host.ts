import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { isatty } from "node:tty";
import { fileURLToPath } from "node:url";
import { usageError } from "./lib/errors.ts";
import { once } from "./lib/once.ts";
import { sinkOf } from "./lib/sink.ts";
import { manyListeners, type Paths, type Runtime } from "./runtime.ts";
import { systemClock } from "./lib/clock.ts";

function folder(env: NodeJS.ProcessEnv, variable: string, fallback: string): string {
  const value = env[variable];
  if (value === undefined || value === "") return fallback;
  if (!isAbsolute(value)) throw usageError(`${variable} is not an absolute path: ${value}`);
  return resolve(value);
}

function pathsOf(env: NodeJS.ProcessEnv): Paths {
  const user = env["HOME"] ?? homedir();
  const home = folder(env, "LABS_HOME", join(folder(env, "XDG_STATE_HOME", join(user, ".local/state")), "labs"));
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  return {
    home,
    data: join(folder(env, "XDG_DATA_HOME", join(user, ".local/share")), "labs"),
    library: join(root, "labs"),
    manifests: join(root, "manifests"),
    goApp: join(root, "go-app"),
    engine: join(root, "dist", "engine.json"),
    kubeconfig: join(home, "kubeconfig"),
  };
}

async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** True for the Docker CLI, and for kind of any version, which calls it. */
function isEngineProgram(program: string): boolean {
  return /^(docker|kind)(-v[\d.]+)?$/.test(basename(program));
}

/** The version in package.json; "unknown" where that says none. */
function readVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? "unknown";
}

/**
 * The runtime of a real terminal. `lend` is called before a program gets the terminal, what it returns afterwards. Libraries are imported on
 * first use, so that `--help` and `list` stay fast.
 */
export function createRuntime(signal: AbortSignal, lend: () => () => void = () => () => undefined): Runtime {
  manyListeners(signal);
  const { env } = process;
  // Told once, so that a context that is switched meanwhile does not give us two engines.
  const engineEnv = once(async () => {
    const { engineVariables } = await import("./docker/dial-options.ts");
    return { ...env, ...(await engineVariables(env)) };
  });
  const docker = once(async () => (await import("./docker/client.ts")).connectDocker(await engineEnv()));
  return {
    exec: async (argv, options) => {
      const { createExec } = await import("./lib/exec.ts");
      const exec = createExec(isEngineProgram(argv[0]) ? await engineEnv() : env, signal);
      if (options?.inherit !== true) return exec(argv, options);
      const giveBack = lend();
      return exec(argv, options).finally(giveBack);
    },
    clock: systemClock,
    out: sinkOf(process.stdout),
    err: sinkOf(process.stderr),
    ask,
    env,
    cwd: process.cwd(),
    paths: pathsOf(env),
    signal,
    program: env["LABS_PROGRAM"] ?? "labs",
    version: readVersion(),
    host: { platform: process.platform, arch: process.arch, uid: process.getuid?.() ?? -1, pid: process.pid },
    terminal: isatty(0) && isatty(2),
    docker,
    // Not kept: a cluster made anew has the same file name and other keys.
    kube: async (kubeconfig) => (await import("./kube/client.ts")).connectKube(kubeconfig),
  };
}
