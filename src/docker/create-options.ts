import type { ContainerCreateOptions } from "dockerode";
import type { ContainerSpec } from "./docker.ts";

/** A container spec in the engine's words. */
export function createOptions(spec: ContainerSpec): ContainerCreateOptions {
  return {
    name: spec.name,
    Image: spec.image,
    Env: Object.entries(spec.env ?? {}).map(([name, value]) => `${name}=${value}`),
    Labels: { ...spec.labels },
    ...(spec.args === undefined ? {} : { Cmd: [...spec.args] }),
    ...(spec.entrypoint === undefined ? {} : { Entrypoint: [...spec.entrypoint] }),
    ...(spec.hostname === undefined ? {} : { Hostname: spec.hostname }),
    ...(spec.user === undefined ? {} : { User: spec.user }),
    ...(spec.stopSignal === undefined ? {} : { StopSignal: spec.stopSignal }),
    ...(spec.stopTimeoutSeconds === undefined ? {} : { StopTimeout: spec.stopTimeoutSeconds }),
    HostConfig: {
      RestartPolicy: { Name: spec.restart ?? "no" },
      ...(spec.cpus === undefined ? {} : { NanoCpus: Math.round(spec.cpus * 1e9) }),
      ...(spec.memoryBytes === undefined ? {} : { Memory: spec.memoryBytes }),
      ...(spec.cpusetCpus === undefined ? {} : { CpusetCpus: spec.cpusetCpus }),
      ...(spec.cpuShares === undefined ? {} : { CpuShares: spec.cpuShares }),
      ...(spec.init === undefined ? {} : { Init: spec.init }),
      ...(spec.network === undefined ? {} : { NetworkMode: spec.network }),
    },
    ...(spec.network === undefined
      ? {}
      : { NetworkingConfig: { EndpointsConfig: { [spec.network]: { Aliases: [...(spec.aliases ?? [])] } } } }),
  };
}
