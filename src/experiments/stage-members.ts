import type { ActionContext } from "./action.ts";
import { containerName } from "../sandbox/sandbox.ts";
import { containerMember } from "./container-member.ts";
import type { Member } from "./member.ts";
import { podMember } from "./pod-member.ts";

/** Pods and containers of the lab's stage: its dependencies and loads, which the learner leaves alone. */
export async function stageMembers({ sandbox, lab }: Pick<ActionContext, "sandbox" | "lab">): Promise<Member[]> {
  if (sandbox.provider === "docker") {
    const names = lab.containers.filter((one) => one.part === "stage").map((one) => containerName(sandbox, one.name));
    const states = await Promise.all(names.map((name) => sandbox.docker.inspect(name)));
    return states.flatMap((state) => (state === undefined ? [] : containerMember(state, `${sandbox.name}-`)));
  }
  const { kube } = sandbox;
  const owners = new Set(
    lab.stage.map(({ kind, metadata }) => {
      const namespace = metadata.namespace ?? lab.namespaces[0] ?? "";
      return `${namespace} ${kind.toLowerCase()}/${metadata.name}`;
    }),
  );
  if (owners.size === 0) return [];
  const lists = await Promise.all(
    lab.namespaces.map((namespace) => kube.list({ apiVersion: "v1", kind: "Pod", namespace })),
  );
  return lists
    .flat()
    .map(podMember)
    .filter((member) => owners.has(`${member.namespace} ${member.workload}`));
}
