import type Dockerode from "dockerode";
import { poll } from "../lib/poll.ts";
import { systemClock } from "../lib/clock.ts";
import { containerExec } from "./container-exec.ts";
import { containerState } from "./container-state.ts";
import { createOptions } from "./create-options.ts";
import { demux } from "./output.ts";
import { DockerError } from "./docker-error.ts";
import type { ContainerFilter, ContainerState, Docker } from "./docker.ts";
import { engineCall, engineLookup } from "./engine-call.ts";

type ContainerCalls = Pick<
  Docker,
  | "inspect"
  | "containers"
  | "create"
  | "run"
  | "start"
  | "stop"
  | "kill"
  | "pause"
  | "unpause"
  | "restart"
  | "neverRestart"
  | "remove"
  | "exec"
  | "logs"
>;

/** Default time limit of `docker stop` and `docker restart`. */
const stopSeconds = 10;
const removeTimeoutMs = 30_000;

function filters(filter: ContainerFilter): Record<string, string[]> {
  return {
    ...(filter.label === undefined ? {} : { label: [filter.label] }),
    ...(filter.network === undefined ? {} : { network: [filter.network] }),
  };
}

/** Swallows one status that says "it is so already". */
async function unlessStatus(status: number, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof DockerError) || error.status !== status) throw error;
  }
}

/** The calls about containers. */
export function engineContainers(engine: Dockerode): ContainerCalls {
  const inspect = async (name: string): Promise<ContainerState | undefined> => {
    const info = await engineLookup(`docker inspect ${name}`, (abortSignal) =>
      engine.getContainer(name).inspect({ abortSignal }),
    );
    return info === undefined ? undefined : containerState(info);
  };

  const existing = async (name: string): Promise<ContainerState> => {
    const state = await inspect(name);
    if (state === undefined) throw new DockerError(`container ${name} vanished as it was made`, { status: 404 });
    return state;
  };

  const create: Docker["create"] = async (spec) => {
    await engineCall(`docker create ${spec.name}`, (abortSignal) =>
      engine.createContainer({ ...createOptions(spec), abortSignal }),
    );
    return existing(spec.name);
  };

  const start: Docker["start"] = async (name) => {
    const what = `docker start ${name}`;
    await unlessStatus(
      304,
      engineCall(what, (abortSignal) => engine.getContainer(name).start({ abortSignal })),
    );
  };

  const gone = async (name: string): Promise<void> => {
    const { signal } = new AbortController();
    const options = { clock: systemClock, signal, withinMs: removeTimeoutMs, everyMs: 100 };
    const end = await poll(async () => {
      const state = await inspect(name);
      return state === undefined ? { done: true, value: true } : { done: false, seen: state.status };
    }, options);
    if (!end.ok) throw new DockerError(`docker rm ${name}: its removal does not end (${end.seen})`);
  };

  const remove: Docker["remove"] = async (name) => {
    const what = `docker rm ${name}`;
    try {
      const removed = await engineCall(
        what,
        (abortSignal) => engine.getContainer(name).remove({ force: true, v: true, abortSignal }),
        removeTimeoutMs,
      ).then(() => true);
      return removed;
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      if (error.status === 404) return false;
      // A container with --rm removes itself when it is killed: then two removals race.
      if (error.status !== 409 || !error.message.includes("already in progress")) throw error;
      await gone(name);
      return true;
    }
  };

  return {
    inspect,
    create,
    start,
    remove,
    exec: containerExec(engine),
    async containers(filter) {
      const found = await engineCall("docker ps", (abortSignal) =>
        engine.listContainers({ all: true, filters: filters(filter), abortSignal }),
      );
      const states = await Promise.all(found.map(({ Id }) => inspect(Id)));
      return states
        .filter((state) => state !== undefined) // gone between the two calls
        .filter(({ name }) => filter.namePrefix === undefined || name.startsWith(filter.namePrefix))
        .sort((a, b) => a.name.localeCompare(b.name));
    },
    async run(spec) {
      const { id } = await create(spec);
      try {
        await start(id);
      } catch (error) {
        await remove(id);
        throw error;
      }
      return existing(spec.name);
    },
    async stop(name, timeoutSeconds = stopSeconds) {
      const stopping = engineCall(
        `docker stop ${name}`,
        (abortSignal) => engine.getContainer(name).stop({ t: timeoutSeconds, abortSignal }),
        (timeoutSeconds + 15) * 1000,
      );
      await unlessStatus(304, stopping);
    },
    async kill(name, signal = "SIGKILL") {
      await engineCall(`docker kill ${name}`, (abortSignal) => engine.getContainer(name).kill({ signal, abortSignal }));
    },
    async pause(name) {
      await engineCall(`docker pause ${name}`, (abortSignal) => engine.getContainer(name).pause({ abortSignal }));
    },
    async unpause(name) {
      await engineCall(`docker unpause ${name}`, (abortSignal) => engine.getContainer(name).unpause({ abortSignal }));
    },
    async restart(name) {
      await engineCall(
        `docker restart ${name}`,
        (abortSignal) => engine.getContainer(name).restart({ t: stopSeconds, abortSignal }),
        (stopSeconds + 15) * 1000,
      );
    },
    async neverRestart(name) {
      await engineCall(`docker update ${name}`, (abortSignal) =>
        engine.getContainer(name).update({ RestartPolicy: { Name: "no" }, abortSignal }),
      );
    },
    async logs(name, options = {}) {
      const what = `docker logs ${name}`;
      const bytes = await engineCall(what, (abortSignal) =>
        engine.getContainer(name).logs({
          stdout: true,
          stderr: true,
          follow: false,
          tail: options.tailLines ?? 200,
          ...(options.sinceSeconds === undefined ? {} : { since: options.sinceSeconds }),
          abortSignal,
        }),
      );
      return demux(bytes).both;
    },
  };
}
