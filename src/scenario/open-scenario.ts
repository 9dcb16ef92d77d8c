import type { Runtime } from "../runtime.ts";
import { containersOf, ownsNodes } from "../sandbox/capabilities.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Scenario } from "./scenario.ts";

/** The scenario of a running sandbox. */
export async function openScenario(rt: Runtime, sandbox: Sandbox): Promise<Scenario> {
  if (ownsNodes(sandbox)) {
    const { kindScenario } = await import("./kind/kind-scenario.ts");
    return kindScenario(rt, sandbox);
  }
  const { dockerScenario } = await import("./docker/docker-scenario.ts");
  return dockerScenario(rt, containersOf(sandbox));
}
