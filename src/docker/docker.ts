/** What a new container is made from. Memory in bytes, cpus in whole or part CPUs. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly network?: string;
  readonly aliases?: readonly string[];
  readonly hostname?: string;
  readonly cpus?: number;
  readonly memoryBytes?: number;
  /** Host CPUs it may run on, as in `--cpuset-cpus`. */
  readonly cpusetCpus?: string;
  readonly cpuShares?: number;
  readonly user?: string;
  readonly restart?: "no" | "always" | "on-failure" | "unless-stopped";
  readonly stopSignal?: string;
  readonly stopTimeoutSeconds?: number;
  readonly init?: boolean;
}

/** The fields of `docker inspect` that this program reads; `raw` is the whole answer (paths of the `docker` check). */
export interface ContainerState {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  /** Content id of the image the container was made from. */
  readonly imageId: string;
  readonly status: "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
  readonly exitCode: number;
  readonly oomKilled: boolean;
  readonly startedAt: string;
  readonly health: "none" | "starting" | "healthy" | "unhealthy";
  readonly restartCount: number;
  /** When the engine starts it again by itself. */
  readonly restart: "no" | "always" | "on-failure" | "unless-stopped";
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly entrypoint: readonly string[];
  /** CPU limit in nano CPUs; 0 is none. Accounts for --cpus and --cpu-quota/--cpu-period. */
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  readonly networks: readonly string[];
  readonly raw: unknown;
}

/** The end of a command run inside a container. */
export interface ContainerExec {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A network of ours. */
export interface NetworkState {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** No route out, no address of the host on it, no IPv6. */
  readonly internal: boolean;
  /** First IPv4 subnet and gateway, where there is one. */
  readonly subnet: string | undefined;
  readonly gateway: string | undefined;
  /** Names of attached containers. */
  readonly containers: readonly string[];
}

/** What `docker image inspect` says of an image; no user is root. */
export interface ImageFacts {
  readonly id: string;
  readonly sizeBytes: number;
  readonly user: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** An image with its names; an intermediate one has none. */
export interface ImageState {
  readonly id: string;
  readonly tags: readonly string[];
}

/** Filters of a listing; all of them must hold. Labels as "key" or "key=value". */
export interface ContainerFilter {
  readonly label?: string;
  readonly network?: string;
  readonly namePrefix?: string;
}

/** The engine. Every call throws a DockerError (src/docker/docker-error.ts); `unreachable: true` when the engine did not answer. */
export interface Docker {
  /** Version of the engine; throws when none answers. */
  version(): Promise<{
    version: string;
    apiVersion: string;
    cgroupVersion: "1" | "2";
    cpus: number;
    memoryBytes: number;
  }>;
  inspect(name: string): Promise<ContainerState | undefined>;
  /** Running and stopped containers. */
  containers(filter: ContainerFilter): Promise<ContainerState[]>;
  /** Creates and starts; removes what it made when the start fails. */
  run(spec: ContainerSpec): Promise<ContainerState>;
  /** Create without start. */
  create(spec: ContainerSpec): Promise<ContainerState>;
  start(name: string): Promise<void>;
  /** `docker stop`: SIGTERM, then SIGKILL after the timeout. */
  stop(name: string, timeoutSeconds?: number): Promise<void>;
  kill(name: string, signal?: string): Promise<void>;
  pause(name: string): Promise<void>;
  unpause(name: string): Promise<void>;
  restart(name: string): Promise<void>;
  /** `docker update --restart=no`: the engine never starts it again by itself, not after a restart of its own either. */
  neverRestart(name: string): Promise<void>;
  /** Removes it with its anonymous volumes, running or not; false when it was not there. */
  remove(name: string): Promise<boolean>;
  /** Runs argv inside a running container. Default time limit 30 s. */
  exec(
    name: string,
    argv: readonly string[],
    options?: { input?: string | Uint8Array; timeoutMs?: number },
  ): Promise<ContainerExec>;
  /** Last lines of stdout and stderr; default 200. `sinceSeconds`: epoch seconds. */
  logs(name: string, options?: { tailLines?: number; sinceSeconds?: number }): Promise<string>;
  network(name: string): Promise<NetworkState | undefined>;
  networks(label: string): Promise<NetworkState[]>;
  /** The subnets of all networks of the engine, anybody's, with the names of those. */
  subnets(): Promise<{ network: string; subnet: string }[]>;
  /** IPv4 only. `internal`: no route out, and no address of the host on it. Throws where `subnet` overlaps another network's. */
  createNetwork(spec: {
    name: string;
    labels: Readonly<Record<string, string>>;
    internal: boolean;
    subnet: string;
    /** The host's address in it; not given out where the network is internal. Engines do not tell one that they chose themselves. */
    gateway: string;
  }): Promise<NetworkState>;
  removeNetwork(name: string): Promise<boolean>;
  /** Takes a container off a network without ending it; false when it was not on it. */
  disconnect(network: string, container: string): Promise<boolean>;
  volumes(label?: string): Promise<string[]>;
  removeVolume(name: string): Promise<boolean>;
  /** Images with all of this, intermediate ones too. */
  images(filter: { readonly label?: string; readonly reference?: string }): Promise<ImageState[]>;
  /** Removes an image, or one of its names; false when it was not there, is used by a container or another image. */
  removeImage(ref: string): Promise<boolean>;
  /** `docker save`: an image as an archive, with its name; throws when it is not there, or longer than 256 MiB. */
  saveImage(ref: string): Promise<Uint8Array>;
  /** Undefined when the image is not there. */
  image(ref: string): Promise<ImageFacts | undefined>;
}
