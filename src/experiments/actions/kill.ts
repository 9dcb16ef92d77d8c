import { z } from "zod";
import { environmentError } from "../../lib/errors.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { containerName, type Sandbox } from "../../sandbox/sandbox.ts";
import { defineAction, type ActionContext } from "../action.ts";
import type { Member } from "../../system/member.ts";
import { workloadMembers } from "../../system/members.ts";
import { clusterOf, hasContainers, nodeShellOf } from "../../sandbox/capabilities.ts";

async function killInNode(sandbox: Sandbox, member: Member): Promise<void> {
  const inNode = nodeShellOf(sandbox);
  for (const id of member.containerIds) {
    const argv = ["ctr", "--namespace", "k8s.io", "tasks", "kill", "--signal", "SIGKILL", id];
    const { exitCode, stderr } = await inNode(member.node, argv);
    if (exitCode !== 0) throw environmentError(`the process of ${member.name} could not be killed: ${stderr.trim()}`);
  }
}

async function killOne(context: ActionContext, member: Member, how: "delete" | "process"): Promise<void> {
  const { sandbox } = context;
  if (hasContainers(sandbox)) {
    if (how === "delete") throw environmentError("a container of a Docker lab cannot be deleted by an experiment");
    const name = containerName(sandbox, member.name);
    // The engine restarts nothing that was killed through it, whatever its restart policy says.
    const sentence = `the container ${member.name}, which an experiment had killed, was started again`;
    await context.journal.open({ undo: "start-container", params: { name }, sentence });
    await sandbox.docker.kill(name, "SIGKILL");
  } else if (how === "process") await killInNode(sandbox, member);
  else {
    const ref = { apiVersion: "v1", kind: "Pod", name: member.name, namespace: member.namespace };
    await clusterOf(sandbox).kube.delete(ref, { uid: member.uid });
  }
}

/** Kills pods, or the processes in them. */
export const kill = defineAction({
  name: "kill",
  summary: "Delete pods, or kill the processes in them",
  needs: [],
  params: z.strictObject({
    workload,
    pods: z.int().min(1).default(1),
    how: z.enum(["delete", "process"]).default("delete"),
  }),
  async run(params, context) {
    const members = await workloadMembers(context, params.workload);
    const chosen = members.filter((member) => member.ready && !member.terminating).slice(0, params.pods);
    if (chosen.length < params.pods) {
      const name = workloadText(params.workload);
      return { finished: false, detail: `${name} has ${chosen.length} ready pods, ${params.pods} are needed` };
    }
    await Promise.all(chosen.map((member) => killOne(context, member, params.how)));
    const targets = chosen.map((member) => member.name);
    return { finished: true, detail: `${targets.join(", ")} killed (${params.how})`, targets };
  },
});
