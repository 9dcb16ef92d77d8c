import type { ContainerState } from "../../docker/docker.ts";
import { environmentError } from "../../lib/errors.ts";
import type { LabContainer } from "../../lab/lab.ts";
import { poll } from "../../lib/poll.ts";
import type { Runtime } from "../../runtime.ts";
import { containerSpec } from "../../sandbox/docker/container-spec.ts";
import { buildContainer } from "../../sandbox/docker/build-container.ts";
import { layContainers, recreate, type BuildContainer } from "../../sandbox/docker/containers.ts";
import { dockerBuildLine, dockerRunLine } from "../../sandbox/docker/docker-run-line.ts";
import { agentShortName } from "../../sandbox/docker/ensure-agent.ts";
import { removeImages } from "../../sandbox/docker/sandbox-images.ts";
import { sandboxFilter } from "../../sandbox/docker/sandbox-name.ts";
import { containerName, type DockerSandbox } from "../../sandbox/sandbox.ts";
import { goAppImage } from "../../images/versions.ts";
import type { FilledLab, Scenario } from "../scenario.ts";
import { copyFiles, layWorkspace, workspaceDir } from "../../session/workspace.ts";
import { readSessionContainer, writeSessionContainer } from "./session-container.ts";

const healthyWithinMs = 30_000;

function onlyPart({ lab }: FilledLab, part: "stage" | "base"): readonly LabContainer[] {
  return lab.containers.filter((one) => one.part === part);
}

/** Labs on an internal Docker network. */
export function dockerScenario(rt: Runtime, sandbox: DockerSandbox): Scenario {
  const { docker } = sandbox;
  const build: BuildContainer = (container) => buildContainer(rt, sandbox, container);
  const inspect = async (name: string): Promise<ContainerState[]> => {
    const state = await docker.inspect(containerName(sandbox, name));
    return state === undefined ? [] : [state];
  };
  const states = async ({ lab }: FilledLab, part: "stage" | "base"): Promise<ContainerState[]> => {
    const own = lab.containers.filter((container) => container.part === part);
    return (await Promise.all(own.map(({ name }) => inspect(name)))).flat();
  };
  return {
    // A network is made for one lab and removed with it: there is nothing to compare with later.
    takeStock: async () => undefined,
    layStage: async (filled) => void (await layContainers(sandbox, onlyPart(filled, "stage"))),
    layBase: async (filled) => {
      await layWorkspace(rt, filled.lab.workspace);
      await layContainers(sandbox, onlyPart(filled, "base"), build);
    },
    awaitHealthy: async (filled, note) => {
      const result = await poll<undefined>(
        async () => {
          const all = [...(await states(filled, "stage")), ...(await states(filled, "base"))];
          const down = all.filter(
            ({ status, health }) => status !== "running" || health === "starting" || health === "unhealthy",
          );
          const missing = filled.lab.containers.length - all.length;
          const seen = [
            ...down.map(({ name, status }) => `${name} is ${status}`),
            ...(missing > 0 ? [`${missing} missing`] : []),
          ];
          return seen.length === 0 ? { done: true, value: undefined } : { done: false, seen: seen.join("; ") };
        },
        { clock: rt.clock, signal: rt.signal, withinMs: healthyWithinMs, onLook: note },
      );
      if (result.ok) return;
      throw environmentError(`the healthy system did not come up: ${result.seen}`, {
        cure: `docker ps -a --filter network=${sandbox.network}, then start the lab again`,
      });
    },
    reference: async (filled) => ({
      provider: "docker",
      stage: await states(filled, "stage"),
      base: await states(filled, "base"),
    }),
    breakIt: async ({ lab, variant }) => {
      for (const entry of variant.fault) {
        if (entry.do === "files") await copyFiles(rt, entry.files);
        else if (entry.do === "stop") {
          await docker.stop(containerName(sandbox, entry.container), Math.ceil(entry.timeoutMs / 1000));
        } else if (entry.do === "recreate") {
          const { name, ...change } = entry.container;
          const base = lab.containers.find((one) => one.name === name);
          if (base === undefined)
            throw environmentError(`there is no container "${name}" to recreate; lint tells so too`);
          await recreate(sandbox, base, change, build);
        } else throw environmentError(`${entry.do} is for Kubernetes labs; lint tells so too`);
      }
    },
    remember: async (session) => writeSessionContainer(sandbox, session, goAppImage),
    recall: async () => readSessionContainer(sandbox),
    clear: async (note) => {
      const known = await docker.containers({ label: sandboxFilter(sandbox.name) });
      const attached = await docker.containers({ network: sandbox.network });
      const own = new Set(known.map(({ name }) => name));
      const foreign = attached.map(({ name }) => name).filter((name) => !own.has(name));
      const keep = containerName(sandbox, agentShortName);
      const doomed = [...own, ...foreign].filter((name) => name !== keep);
      note(`removing ${doomed.length} containers`);
      await Promise.all(doomed.map((name) => docker.remove(name)));
      await removeImages(docker, sandbox.name);
      return { cleaned: foreign.map((name) => `container ${name} on the lab's network: removed`), clean: true };
    },
    // The broken state is what the learner finds, so that is what the lines make.
    describe: ({ lab, variant }) =>
      lab.containers.flatMap((container) => {
        const change = variant.fault.find(
          (entry) => entry.do === "recreate" && entry.container.name === container.name,
        );
        const changed =
          change?.do === "recreate"
            ? { ...container, ...change.container, env: { ...container.env, ...change.container.env } }
            : container;
        const line = dockerRunLine(containerSpec(sandbox, changed));
        if (container.build === undefined) return [line];
        return [dockerBuildLine(container.image, workspaceDir(rt, container.build)), line];
      }),
  };
}
