import { describe, expect, test } from "vitest";
import { env } from "../../src/commands/env.ts";
import { shell } from "../../src/commands/shell.ts";
import type { ExecOptions } from "../../src/lib/exec.ts";
import { saveSession } from "../../src/session/store.ts";
import { fakeSink } from "../fakes/runtime.ts";
import { fakeDockerSandbox } from "../fakes/sandbox.ts";
import { runtimeAtHome, stageProviders } from "../fakes/scene.ts";
import { fakeSession } from "../fakes/session.ts";

const away = { KUBECONFIG: "/prod", DOCKER_HOST: "unix:///mine.sock", DOCKER_CONTEXT: "prod", HELM_NAMESPACE: "prod" };

/** A Docker lab that runs, in the environment of somebody who works elsewhere too. */
async function running(more: Readonly<Record<string, string>> = {}) {
  stageProviders({ docker: { open: async () => fakeDockerSandbox() }, scenario: () => ({}) });
  const out = fakeSink();
  const ran: { argv: readonly string[]; options: ExecOptions }[] = [];
  const { rt, err } = await runtimeAtHome({
    out,
    env: { ...away, PATH: "/bin", ...more },
    exec: async (argv, options = {}) => {
      ran.push({ argv, options });
      return { exitCode: 5, stdout: "", stderr: "" };
    },
  });
  await saveSession(rt, fakeSession({ sandbox: { provider: "docker", name: "labs-abc123" } }));
  return { rt, out, err, ran };
}

describe("labs env", () => {
  test("sets what leads to the lab and takes away what leads elsewhere", async () => {
    const { rt, out } = await running({ DOCKER_API_VERSION: "1.44" });
    expect(await env(rt, {})).toBe(0);
    const lines = out.text().split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "\\export KUBECONFIG=/dev/null",
        "\\export DOCKER_HOST=unix:///mine.sock",
        "\\export DOCKER_API_VERSION=1.44",
        "\\export KUBERC=off",
        "\\unset DOCKER_CONTEXT",
        "\\unset HELM_NAMESPACE",
        "\\unset DOCKER_TLS_VERIFY",
      ]),
    );
  });

  test("in fish's words, where a variable that outlives the shell is hidden", async () => {
    const { rt, out } = await running();
    await env(rt, { shell: "fish" });
    expect(out.text()).toContain("set -gx KUBECONFIG '/dev/null'\n");
    expect(out.text()).toContain("set -eg DOCKER_CONTEXT; set -q DOCKER_CONTEXT; and set -gx DOCKER_CONTEXT ''\n");
  });

  test("as JSON null stands for none", async () => {
    const { rt, out } = await running();
    await env(rt, { json: true });
    expect(JSON.parse(out.text())).toMatchObject({
      KUBECONFIG: "/dev/null",
      LABS_SANDBOX: "labs-abc123",
      DOCKER_CONTEXT: null,
    });
  });

  test("another shell is bad usage", async () => {
    const { rt } = await running();
    await expect(env(rt, { shell: "tcsh" })).rejects.toMatchObject({
      exitCode: 2,
      message: '--shell takes sh or fish, not "tcsh"',
    });
  });
});

describe("labs shell", () => {
  test("runs a command with these variables and passes its exit code on", async () => {
    const { rt, ran } = await running();
    expect(await shell(rt, ["kubectl", "get", "pods"])).toBe(5);
    expect(ran).toMatchObject([
      { argv: ["kubectl", "get", "pods"], options: { inherit: true, env: { KUBECONFIG: "/dev/null" } } },
    ]);
    expect(Object.entries(ran[0]?.options.env ?? {})).toContainEqual(["DOCKER_CONTEXT", undefined]);
  });

  test("passes on the exit code of a shell that reads no files", async () => {
    const { rt, ran, err } = await running({ SHELL: "/bin/sh" });
    expect(await shell(rt, [])).toBe(5);
    expect(ran.map(({ argv }) => argv)).toEqual([["/bin/sh"]]);
    expect(err.text()).toBe("Shell for lab probes-storm; leave it with exit or Ctrl-D, then labs verify.\n");
  });

  test("does not start a shell that would not keep them", async () => {
    const { rt, ran } = await running({ SHELL: "/bin/tcsh" });
    await expect(shell(rt, [])).rejects.toMatchObject({ exitCode: 3 });
    expect(ran).toEqual([]);
  });
});
