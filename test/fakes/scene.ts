import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import type { Runtime } from "../../src/runtime.ts";
import type { Provider, Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { fakeRuntime, fakeSink } from "./runtime.ts";
import { strict } from "./strict.ts";

/** A runtime with a home of its own on disk, which goes when the test ends. */
export async function runtimeAtHome(parts: Partial<Runtime> = {}) {
  const home = await mkdtemp(join(tmpdir(), "labs-home-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const err = fakeSink();
  const rt = fakeRuntime({ err, ...parts });
  return { err, rt: { ...rt, paths: { ...rt.paths, home } } };
}

/**
 * Puts strict fakes in the place of both providers and their scenarios until the test ends. Files share their modules, so this reaches only
 * what the program imports on first use: providers and scenarios are.
 */
export function stageProviders(parts: {
  readonly kind?: Partial<Provider>;
  readonly docker?: Partial<Provider>;
  readonly scenario?: (sandbox: Sandbox) => Partial<Scenario>;
}): void {
  const kind = strict<Provider>("kind", { name: "kind", ...parts.kind });
  const docker = strict<Provider>("docker", { name: "docker", ...parts.docker });
  const scenario = (_rt: Runtime, sandbox: Sandbox) => strict<Scenario>("scenario", parts.scenario?.(sandbox) ?? {});
  const modules: readonly [string, Record<string, unknown>][] = [
    ["../../src/sandbox/kind/provider.ts", { kindProvider: kind }],
    ["../../src/sandbox/docker/provider.ts", { dockerProvider: docker }],
    ["../../src/scenario/kind/kind-scenario.ts", { kindScenario: scenario }],
    ["../../src/scenario/docker/docker-scenario.ts", { dockerScenario: scenario }],
  ];
  for (const [path, exports] of modules) vi.doMock(path, () => exports);
  onTestFinished(() => {
    for (const [path] of modules) vi.doUnmock(path);
  });
}
