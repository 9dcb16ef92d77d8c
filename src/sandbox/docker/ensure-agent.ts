import { randomBytes } from "node:crypto";
import type { ContainerState, Docker } from "../../docker/docker.ts";
import { environmentError } from "../../lib/errors.ts";
import { poll } from "../../lib/poll.ts";
import type { Runtime } from "../../runtime.ts";
import { goAppImage } from "../../images/versions.ts";
import { containerName } from "../sandbox.ts";
import { agentSend, agentTokenVariable } from "./agent.ts";
import { sandboxLabels } from "./sandbox-name.ts";

/** Short name of the agent's container. */
export const agentShortName = "agent";

const agentArgs = ["load"];
const agentProgram = "/app load";

/** What keeps the agent's container from being ours and at work; undefined where nothing does. */
export function agentProblem(found: ContainerState | undefined, network: string): string | undefined {
  const container = `container ${agentShortName}`;
  if (found === undefined) return `${container} is gone`;
  if (found.status !== "running") return `${container} is ${found.status}`;
  if (!found.networks.includes(network)) return `${container} is off the lab's network`;
  if (found.image !== goAppImage) return `${container} runs image ${found.image}`;
  const program = [...found.entrypoint, ...found.args].join(" ");
  if (program !== agentProgram) return `${container} is started as "${program}"`;
  return found.env[agentTokenVariable] === undefined ? `${container} has no token` : undefined;
}

async function makeAgent(rt: Runtime, docker: Docker, sandbox: string): Promise<ContainerState> {
  if ((await docker.image(goAppImage)) === undefined) {
    throw environmentError(`the image ${goAppImage} is missing`, { cure: `${rt.program} setup` });
  }
  return docker.run({
    name: containerName({ name: sandbox }, agentShortName),
    image: goAppImage,
    args: agentArgs,
    env: { [agentTokenVariable]: randomBytes(16).toString("hex") },
    labels: sandboxLabels(sandbox),
    network: sandbox,
  });
}

/** The sandbox's agent, running and answering: the one that is there, or a new one. Returns its container and token. */
export async function ensureAgent(
  rt: Runtime,
  docker: Docker,
  sandbox: string,
): Promise<{ container: string; token: string }> {
  const container = containerName({ name: sandbox }, agentShortName);
  const found = await docker.inspect(container);
  const usable = agentProblem(found, sandbox) === undefined ? found : undefined;
  if (found !== undefined && usable === undefined) await docker.remove(container);
  const agent = usable ?? (await makeAgent(rt, docker, sandbox));
  const token = agent.env[agentTokenVariable] ?? "";
  const send = agentSend(docker, container, token);
  const answers = await poll(
    async () => {
      const { status } = await send("GET", "/livez", { timeoutMs: 2000 });
      return status === 200 ? { done: true, value: true } : { done: false, seen: `it answered ${status}` };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: 20_000, everyMs: 100 },
  );
  if (!answers.ok) throw environmentError(`the load agent ${container} did not become ready: ${answers.seen}`);
  return { container, token };
}
