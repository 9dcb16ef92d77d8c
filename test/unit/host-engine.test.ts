import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { createRuntime } from "../../src/host.ts";
import { once } from "../../src/lib/once.ts";

test("what was made once is kept, a failure is not", async () => {
  let calls = 0;
  const make = once(async () => {
    calls += 1;
    if (calls === 1) throw new Error("not yet");
    return calls;
  });
  await expect(make()).rejects.toThrow("not yet");
  expect(await Promise.all([make(), make()])).toEqual([2, 2]);
  expect(await make()).toBe(2);
});

test("an engine that could not be found is looked for again on the next call", async () => {
  const folder = await mkdtemp(join(tmpdir(), "labs-docker-config-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const name of ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY"]) vi.stubEnv(name, "");
  vi.stubEnv("DOCKER_CONFIG", folder);
  const rt = createRuntime(new AbortController().signal);
  await writeFile(join(folder, "config.json"), "{");
  await expect(rt.docker()).rejects.toThrow("is not what the Docker CLI writes");
  await writeFile(join(folder, "config.json"), "{}");
  const docker = await rt.docker();
  expect(await rt.docker()).toBe(docker);
});
