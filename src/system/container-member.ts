import type { ContainerState } from "../docker/docker.ts";
import { defaultAdminPort, type Member } from "./member.ts";

/** Reads a container of a Docker lab. `prefix` is the sandbox's name and a dash. */
export function containerMember(state: ContainerState, prefix: string): Member {
  const name = state.name.startsWith(prefix) ? state.name.slice(prefix.length) : state.name;
  const port = Number(state.env["ADMIN_PORT"] ?? defaultAdminPort);
  const running = state.status === "running";
  return {
    name,
    uid: state.id,
    namespace: "",
    labels: state.labels,
    workload: name,
    ready: running && (state.health === "none" || state.health === "healthy"),
    state: running && state.health !== "none" ? state.health : state.status,
    restarts: state.restartCount,
    incarnation: `${state.restartCount}@${state.startedAt}`,
    terminating: state.status === "removing",
    node: "",
    lastEnd: running ? "" : `${state.oomKilled ? "OOMKilled" : state.status}, exit ${state.exitCode}`,
    host: state.name,
    adminPort: Number.isInteger(port) ? port : defaultAdminPort,
    instrumented: (state.env["ADMIN_TOKEN"] ?? "") !== "",
    containerIds: running ? [state.id] : [],
  };
}
