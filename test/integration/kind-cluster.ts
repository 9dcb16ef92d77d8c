import path from "node:path";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe } from "vitest";
import { createRuntime } from "../../src/host.ts";
import type { Topology } from "../../src/lab/topology.ts";
import type { Runtime } from "../../src/runtime.ts";
import { kindProvider } from "../../src/sandbox/kind/provider.ts";
import type { KindSandbox } from "../../src/sandbox/sandbox.ts";
import { findTools } from "../../src/setup/find-tools.ts";

/** A runtime of its own home, so that its clusters meet no other's. */
export function testRuntime(): Runtime {
  const home = mkdtempSync(path.join(tmpdir(), "labs-kind-test-"));
  const rt = createRuntime(new AbortController().signal);
  return { ...rt, paths: { ...rt.paths, home, kubeconfig: path.join(home, "kubeconfig") } };
}

/** A cluster of which everything is up, and whether it had to be made. */
export async function upCluster(rt: Runtime, topology: Topology): Promise<{ sandbox: KindSandbox; created: boolean }> {
  const { sandbox, created, settled } = await kindProvider.prepare(rt, topology, () => undefined);
  await settled;
  return { sandbox, created };
}

const { nodeImage } = await findTools(createRuntime(new AbortController().signal));
const missing = nodeImage === undefined ? "there is no node image: labs setup" : undefined;
const required = process.env["LABS_REQUIRE_DOCKER"] === "1";

/** `describe` where a cluster can be made; skipped with a reason elsewhere, unless LABS_REQUIRE_DOCKER=1. */
export const describeKind: typeof describe | typeof describe.skip =
  missing === undefined || required ? describe : describe.skip;
if (missing !== undefined) process.stderr.write(`${required ? "needed" : "skipped"}: a kind cluster (${missing})\n`);
