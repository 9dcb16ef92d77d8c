import { environmentError } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import type { Step } from "../ui/steps.ts";
import { baseImageSteps } from "./base-images/steps.ts";
import { type Needs, type Tools } from "./find-tools.ts";
import { buildGoApp, findGoAppImage } from "./go-app-image.ts";
import { findKind, installKind } from "./kind-tool.ts";
import { findKubectl, installKubectl } from "./kubectl-tool.ts";
import { nodeImageSteps } from "./node-image/steps.ts";
import { goAppImage, versions } from "../images/versions.ts";

function toolSteps(rt: Runtime, tools: Partial<Record<keyof Tools, string>>): { kind: Step; kubectl: Step } {
  return {
    kind: {
      title: `kind ${versions.kind}`,
      skip: async () => {
        const found = await findKind(rt);
        if (found === undefined) return false;
        tools.kind = found;
        return found;
      },
      run: async (step) => {
        tools.kind = await installKind(rt, (text) => step.note(text));
      },
    },
    kubectl: {
      title: "kubectl",
      skip: async () => {
        const found = await findKubectl(rt);
        if (found === undefined) return false;
        tools.kubectl = found;
        return found;
      },
      run: async (step) => {
        if (tools.nodeImage === undefined)
          throw environmentError("kubectl comes after the node image, which is missing");
        tools.kubectl = await installKubectl(rt, tools.nodeImage, (text) => step.note(text));
      },
    },
  };
}

/** Everything that set-up does, in order, each step skipped when its result is there. Fills `tools` as it goes. */
export function setupSteps(rt: Runtime, needs: Needs, tools: Partial<Record<keyof Tools, string>>): readonly Step[] {
  const goApp: Step = {
    title: `Sample service: ${goAppImage}`,
    skip: async () => {
      const found = await findGoAppImage(rt);
      if (found === undefined) return false;
      tools.goAppImage = found;
      return "already there";
    },
    run: async (step) => {
      tools.goAppImage = await buildGoApp(rt, (text) => step.note(text));
    },
  };
  const bases = baseImageSteps(rt, needs.images ?? []);
  if (needs.kind !== true) return [goApp, ...bases];
  const { kind, kubectl } = toolSteps(rt, tools);
  const nodeImage = nodeImageSteps(rt, (ref) => {
    tools.nodeImage = ref;
  });
  return [goApp, ...bases, kind, ...nodeImage, kubectl];
}
