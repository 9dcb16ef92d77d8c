import type { ContainerInspectInfo, HostConfig } from "dockerode";
import { DockerError } from "./docker-error.ts";
import type { ContainerState } from "./docker.ts";

const statuses = ["created", "running", "paused", "restarting", "removing", "exited", "dead"] as const;
const healths = ["none", "starting", "healthy", "unhealthy"] as const;
const restarts = ["no", "always", "on-failure", "unless-stopped"] as const;

function oneOf<T extends string>(values: readonly T[], value: string, what: string): T {
  const found = values.find((known) => known === value);
  if (found === undefined) throw new DockerError(`the Docker engine reports an unknown ${what}: ${value}`);
  return found;
}

/** CPU limit in nano CPUs from --cpus or --cpu-quota and --cpu-period; 0 is none. */
export function nanoCpusOf(host: Pick<HostConfig, "NanoCpus" | "CpuQuota" | "CpuPeriod">): number {
  if (host.NanoCpus !== undefined && host.NanoCpus > 0) return host.NanoCpus;
  const quota = host.CpuQuota ?? 0;
  if (quota <= 0) return 0;
  const period = host.CpuPeriod === undefined || host.CpuPeriod === 0 ? 100_000 : host.CpuPeriod;
  return Math.round((quota / period) * 1e9);
}

/** "A=b" lines as a record; a name without "=" has the empty value. */
export function envRecord(lines: readonly string[] | null | undefined): Record<string, string> {
  const pairs = (lines ?? []).map((line) => {
    const at = line.indexOf("=");
    return at === -1 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
  });
  return Object.fromEntries(pairs);
}

function list(value: string | readonly string[] | null | undefined): string[] {
  if (value === null || value === undefined) return [];
  return typeof value === "string" ? [value] : [...value];
}

/** The fields of an inspect answer that this program reads. */
export function containerState(info: ContainerInspectInfo): ContainerState {
  return {
    id: info.Id,
    name: info.Name.replace(/^\//, ""),
    image: info.Config.Image,
    imageId: info.Image,
    status: oneOf(statuses, info.State.Status, "container status"),
    exitCode: info.State.ExitCode,
    oomKilled: info.State.OOMKilled,
    startedAt: info.State.StartedAt,
    health: oneOf(healths, info.State.Health?.Status ?? "none", "health"),
    restartCount: info.RestartCount,
    // Engines leave it empty where nobody asked for one.
    restart: oneOf(restarts, info.HostConfig.RestartPolicy?.Name || "no", "restart policy"),
    env: envRecord(info.Config.Env),
    labels: info.Config.Labels ?? {},
    args: list(info.Config.Cmd),
    entrypoint: list(info.Config.Entrypoint),
    nanoCpus: nanoCpusOf(info.HostConfig),
    memoryBytes: info.HostConfig.Memory ?? 0,
    networks: Object.keys(info.NetworkSettings.Networks ?? {}),
    raw: info,
  };
}
