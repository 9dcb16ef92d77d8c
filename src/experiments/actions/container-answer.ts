import type { ContainerState, Docker } from "../../docker/docker.ts";
import type { AgentAnswer } from "../../sandbox/agent/load-agent.ts";
import type { ActionContext } from "../action.ts";
import { observe } from "../../lib/poll.ts";
import { containersOf } from "../../sandbox/capabilities.ts";

/** A container of an experiment that is asked over the network. */
export interface AskedContainer {
  readonly full: string;
  readonly port: number;
}

/** What came of waiting: an answer with the service's proof, or a sentence about why there was none. */
export type Answered = { readonly answer: AgentAnswer } | { readonly problem: string };

/** An answer in a few words. */
export function answerText({ status, body }: AgentAnswer): string {
  return `status ${status} ${body.trim().slice(0, 120)}`;
}

/** Asks a container once, for an answer with the service's proof. */
export function askContainer(
  { sandbox, session }: Pick<ActionContext, "sandbox" | "session">,
  { full, port }: AskedContainer,
  path: string,
): Promise<AgentAnswer> {
  const key = session.values["token"] ?? "";
  return sandbox.agent.request({ url: `http://${full}:${port}${path}`, nonce: true, key, timeoutMs: 2000 });
}

async function lastLine(docker: Docker, full: string): Promise<string> {
  const lines = (await docker.logs(full, { tailLines: 20 })).split("\n").filter((line) => line.trim() !== "");
  return lines.at(-1)?.slice(0, 160) ?? "(nothing)";
}

async function endText(docker: Docker, full: string, state: ContainerState | undefined): Promise<string> {
  if (state?.status !== "exited") return `it does not run: ${state?.status ?? "it is gone"}`;
  return `it ended by itself with exit code ${state.exitCode}; last line: ${await lastLine(docker, full)}`;
}

/** Waits until a container gives an answer that `fits`; its end is waited for no longer. */
export async function awaitAnswer(
  context: ActionContext,
  asked: AskedContainer,
  path: string,
  { fits, withinMs }: { readonly fits: (answer: AgentAnswer) => boolean; readonly withinMs: number },
): Promise<Answered> {
  const { docker } = containersOf(context.sandbox);
  let state: ContainerState | undefined;
  const waited = await observe<AgentAnswer | undefined>(
    context.rt,
    async () => {
      state = await docker.inspect(asked.full);
      if (state?.status !== "running") return { done: true, value: undefined };
      const answer = await askContainer(context, asked, path);
      const { status, kind, error } = answer;
      if (status === 0 || kind === "proof") return { done: false, seen: `${kind} ${error}` };
      return fits(answer) ? { done: true, value: answer } : { done: false, seen: answerText(answer) };
    },
    { withinMs, everyMs: 200, onLook: context.progress },
  );
  if (!waited.ok)
    return { problem: `port ${asked.port} did not answer as it should within ${withinMs / 1000} s: ${waited.seen}` };
  if (waited.value !== undefined) return { answer: waited.value };
  return { problem: await endText(docker, asked.full, state) };
}
