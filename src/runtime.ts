import { setMaxListeners } from "node:events";
import type { Docker } from "./docker/docker.ts";
import type { Clock } from "./lib/clock.ts";
import type { Sink } from "./lib/sink.ts";
import type { Exec } from "./lib/exec.ts";
import type { Kube } from "./kube/kube.ts";

/** Every folder and file that `labs` owns. */
export interface Paths {
  /** State of this user's sessions ($LABS_HOME, else $XDG_STATE_HOME/labs). */
  readonly home: string;
  /** Tools and build caches that any home may share ($XDG_DATA_HOME/labs). */
  readonly data: string;
  /** The library that ships with the program. */
  readonly library: string;
  /** Shared manifests and the node image's recipe. */
  readonly manifests: string;
  /** Source and prebuilt binaries of the sample service. */
  readonly goApp: string;
  /** Digests of the parts of this program that labs rest on; made by the build. */
  readonly engine: string;
  /** Kubeconfig of this home's running sandbox. */
  readonly kubeconfig: string;
}

/** What the program is given by its host. Nothing below main.ts reads `process`. */
export interface Runtime {
  readonly exec: Exec;
  readonly clock: Clock;
  readonly out: Sink;
  readonly err: Sink;
  /** Read one line from the terminal; undefined without a terminal. */
  readonly ask: (question: string) => Promise<string | undefined>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly paths: Paths;
  /** Aborted by Ctrl-C or SIGTERM. Clean-up uses a signal of its own. */
  readonly signal: AbortSignal;
  /** How printed commands call this program: `labs`, or `npm run labs --` in a checkout. */
  readonly program: string;
  /** Version of this program, as its package says. */
  readonly version: string;
  readonly host: { readonly platform: string; readonly arch: string; readonly uid: number; readonly pid: number };
  /** Stdin and stderr are a terminal, by which shells tell whether they talk to a person. */
  readonly terminal: boolean;
  /** The Docker engine; connects on first use. */
  docker(): Promise<Docker>;
  /** The cluster a kubeconfig file points to; always explicit, never the user's own. */
  kube(kubeconfig: string): Promise<Kube>;
}

/** Everything that runs side by side listens to one signal; Node takes more than ten of those for a leak and says so on stderr. */
export function manyListeners(signal: AbortSignal): void {
  setMaxListeners(0, signal);
}

/** The same runtime with another signal: clean-up after Ctrl-C must not be cut short by it. */
export function withSignal(rt: Runtime, signal: AbortSignal): Runtime {
  manyListeners(signal);
  return {
    ...rt,
    signal,
    exec: (argv, options) => rt.exec(argv, { signal, ...options }),
    docker: () => rt.docker(),
    kube: (kubeconfig) => rt.kube(kubeconfig),
  };
}
