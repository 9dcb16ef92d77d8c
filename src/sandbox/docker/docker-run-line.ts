import type { ContainerSpec } from "../../docker/docker.ts";
import { shellQuote } from "../../lib/shell-quote.ts";

/** Bytes as `--memory` takes them, in the largest whole unit. */
function memory(bytes: number): string {
  const unit = [
    ["g", 1024 ** 3],
    ["m", 1024 ** 2],
    ["k", 1024],
  ].find(([, size]) => typeof size === "number" && bytes % size === 0);
  return unit === undefined ? `${bytes}b` : `${bytes / Number(unit[1])}${unit[0]}`;
}

function option(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [name, String(value)];
}

/** The `docker build` command that makes the image of a folder, on one line. */
export function dockerBuildLine(tag: string, dir: string): string {
  return ["docker", "build", "-t", tag, dir].map(shellQuote).join(" ");
}

/**
 * The `docker run` command, on one line, that makes this container. Without labels: what runs on the sandbox's network belongs to the lab
 * anyway.
 */
export function dockerRunLine(spec: ContainerSpec): string {
  const [entrypoint, ...entrypointArgs] = spec.entrypoint ?? [];
  const words = [
    "docker",
    "run",
    "-d",
    "--name",
    spec.name,
    ...option("--network", spec.network),
    ...(spec.aliases ?? []).flatMap((alias) => option("--network-alias", alias)),
    ...option("--hostname", spec.hostname),
    ...option("--cpus", spec.cpus),
    ...option("--cpuset-cpus", spec.cpusetCpus),
    ...option("--cpu-shares", spec.cpuShares),
    ...option("--memory", spec.memoryBytes === undefined ? undefined : memory(spec.memoryBytes)),
    ...option("--user", spec.user),
    ...(spec.restart === undefined || spec.restart === "no" ? [] : option("--restart", spec.restart)),
    ...option("--stop-signal", spec.stopSignal),
    ...option("--stop-timeout", spec.stopTimeoutSeconds),
    ...(spec.init === true ? ["--init"] : []),
    ...Object.entries(spec.env ?? {}).flatMap(([name, value]) => option("-e", `${name}=${value}`)),
    ...option("--entrypoint", entrypoint),
    spec.image,
    ...entrypointArgs,
    ...(spec.args ?? []),
  ];
  return words.map(shellQuote).join(" ");
}
