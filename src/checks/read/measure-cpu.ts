import type { CpuReading, CpuWindow } from "../../experiments/record.ts";
import type { KubeObject } from "../../kube/kube.ts";
import { environmentError } from "../../errors.ts";
import type { WorkloadRef } from "../../lab/workload.ts";
import { poll } from "../../poll.ts";
import { agentTokenHeader } from "../../sandbox/agent-protocol.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import type { CheckContext } from "../check.ts";
import { parseCpu } from "./cpu.ts";
import { listAt, textAt } from "./fields.ts";
import { isReady } from "./pod.ts";
import { targetPods } from "./pod-target.ts";
import { dockerOf } from "./sandbox-kube.ts";

interface Source {
  readonly name: string;
  read(): Promise<CpuReading>;
}

function adminPort(pod: KubeObject): string {
  const env = listAt(pod, "spec", "containers").flatMap((container) => listAt(container, "env"));
  return (
    textAt(
      env.find((entry) => textAt(entry, "name") === "ADMIN_PORT"),
      "value",
    ) || "9091"
  );
}

async function podSources(context: CheckContext, ref: WorkloadRef): Promise<Source[] | string> {
  const pods = await targetPods(context, { workload: ref });
  if (typeof pods === "string") return pods;
  const { agent } = context.sandbox;
  return pods.filter(isReady).map((pod) => ({
    name: pod.metadata.name,
    async read() {
      const url = `http://${textAt(pod, "status", "podIP")}:${adminPort(pod)}/admin/cgroup`;
      const headers = { [agentTokenHeader]: context.session.values["token"] ?? "" };
      const answer = await agent.request({ url, headers, timeoutMs: 5000 });
      if (answer.status === 200) return parseCpu(answer.body, context.rt.clock.now(), pod.metadata.name);
      throw environmentError(`${pod.metadata.name} did not tell its CPU counters: ${answer.status || answer.kind}`);
    },
  }));
}

async function containerSources(context: CheckContext, short: string): Promise<Source[] | string> {
  const { docker, ...sandbox } = dockerOf(context);
  const name = containerName(sandbox, short);
  const state = await docker.inspect(name);
  if (state?.status !== "running") return `container ${short} is ${state?.status ?? "not there"}`;
  return [
    {
      name: short,
      async read() {
        const { exitCode, stdout, stderr } = await docker.exec(name, ["/app", "cgroup"], { timeoutMs: 10_000 });
        if (exitCode === 0) return parseCpu(stdout, context.rt.clock.now(), short);
        throw environmentError(`container ${short} did not tell its CPU counters: ${stderr.trim()}`);
      },
    },
  ];
}

/** Reads the CPU counters of a workload's ready pods (or a container) at both ends of a window; a sentence where there are none. */
export async function measureCpu(
  context: CheckContext,
  ref: WorkloadRef,
  windowMs: number,
): Promise<CpuWindow[] | string> {
  const sources = await (ref.kind === "container" ? containerSources(context, ref.name) : podSources(context, ref));
  if (typeof sources === "string") return sources;
  const before = await Promise.all(sources.map((source) => source.read()));
  const { clock, signal } = context.rt;
  await poll(async () => ({ done: false, seen: "the window is open" }), {
    clock,
    signal,
    withinMs: windowMs,
    everyMs: windowMs,
  });
  const after = await Promise.all(sources.map((source) => source.read()));
  return sources.flatMap(({ name }, index) => {
    const [first, last] = [before[index], after[index]];
    return first === undefined || last === undefined ? [] : [{ target: name, before: first, after: last }];
  });
}
