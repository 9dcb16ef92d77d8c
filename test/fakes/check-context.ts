import type { CheckContext } from "../../src/checks/check.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import { fakeKube } from "./kube.ts";
import { fakeLab } from "./lab.ts";
import { fakeRuntime } from "./runtime.ts";
import { fakeKindSandbox } from "./sandbox.ts";
import { fakeSession } from "./session.ts";

/** The context of a check in a kind cluster that holds these objects; nested checks are refused unless `evaluate` is given. */
export function fakeCheckContext(objects: readonly KubeObject[] = [], parts: Partial<CheckContext> = {}): CheckContext {
  return {
    rt: fakeRuntime(),
    lab: fakeLab(),
    session: fakeSession(),
    sandbox: fakeKindSandbox({ kube: fakeKube(objects) }),
    namespace: "shop",
    evaluate: async (spec) => {
      throw new Error(`unexpected nested check ${spec.type}`);
    },
    ...parts,
  };
}
