import { z } from "zod";
import type { Docker } from "../../docker/docker.ts";
import { environmentError } from "../../lib/errors.ts";
import { agentPort, agentTokenHeader, createLoadAgent, type AgentSend } from "../agent/agent-protocol.ts";
import type { LoadAgent } from "../agent/load-agent.ts";

/** Environment variable that holds the token inside the agent's container. */
export const agentTokenVariable = "ADMIN_TOKEN";

const probeResult = z.object({ status: z.number(), body: z.string(), error: z.string(), kind: z.string() });

/** Argv of go-app's probe role, for one call of the agent's API. */
export function agentProbe(token: string, ...[method, path, options]: Parameters<AgentSend>): string[] {
  return [
    "/app",
    "probe",
    "--json",
    "--header",
    `${agentTokenHeader}=${token}`,
    "--method",
    method,
    "--timeout",
    `${options.timeoutMs}ms`,
    ...(options.body === undefined ? [] : ["--body", JSON.stringify(options.body)]),
    `http://127.0.0.1:${agentPort}${path}`,
  ];
}

function probed(text: string): z.infer<typeof probeResult> | undefined {
  try {
    return probeResult.parse(JSON.parse(text));
  } catch {
    return undefined; // the caller reports the whole output
  }
}

/** Reaches the agent's API from inside its own container: nothing is published, nothing is dialled from the host. */
export function agentSend(docker: Docker, container: string, token: string): AgentSend {
  return async (method, path, options) => {
    const call = await docker.exec(container, agentProbe(token, method, path, options), {
      timeoutMs: options.timeoutMs + 10_000,
    });
    const result = probed(call.stdout);
    if (result === undefined) {
      const output = `${call.stdout}${call.stderr}`.trim().slice(0, 300);
      throw environmentError(`the load agent ${container} cannot be asked (exit code ${call.exitCode}): ${output}`);
    }
    if (result.status === 0) throw environmentError(`the load agent ${container} does not answer: ${result.error}`);
    return { status: result.status, text: result.body };
  };
}

/** The agent of a Docker sandbox. */
export function dockerAgent(docker: Docker, container: string, token: string): LoadAgent {
  return createLoadAgent(agentSend(docker, container, token));
}
