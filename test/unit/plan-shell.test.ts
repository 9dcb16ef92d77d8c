import { describe, expect, test } from "vitest";
import { planShell, type ShellRequest } from "../../src/shell/plan-shell.ts";

const request: ShellRequest = {
  shell: "/usr/bin/bash",
  view: { variables: { KUBECONFIG: "/lab", DOCKER_CONTEXT: undefined }, path: "/tools" },
  folder: "/tmp/s",
  env: { PATH: "/bin", ENV: "$HOME/.shrc", ZDOTDIR: "/z" },
  terminal: true,
};
const plan = (parts: Partial<ShellRequest>) => planShell({ program: "labs" }, { ...request, ...parts });

describe("each shell is pointed at files that come after the learner's own", () => {
  test.each([
    ["/usr/bin/bash", ["/usr/bin/bash", "--rcfile", "/tmp/s/bashrc", "-i"], {}],
    ["/bin/zsh", ["/bin/zsh", "-i"], { ZDOTDIR: "/tmp/s" }],
    ["fish", ["fish", "--init-command", "source '/tmp/s/after.fish'", "-i"], {}],
    ["/bin/dash", ["/bin/dash", "-i"], { ENV: "/tmp/s/env" }],
    ["/bin/ksh", ["/bin/ksh", "-i"], { ENV: "/tmp/s/env" }],
  ])("%s", (shell, argv, env) => {
    expect(plan({ shell })).toMatchObject({ argv, env, reports: true });
  });

  test("also without a terminal, where bash is told by BASH_ENV, and sh reads no file", () => {
    const off = plan({ terminal: false });
    expect(off.argv).toEqual(["/usr/bin/bash", "--rcfile", "/tmp/s/bashrc"]);
    expect(off.env).toMatchObject({ BASH_ENV: "/tmp/s/env" });
    const sh = plan({ terminal: false, shell: "/bin/sh" });
    expect(sh).toMatchObject({ argv: ["/bin/sh"], files: {}, reports: false, env: { KUBECONFIG: "/lab" } });
  });

  test("the variables are there from the start, with a copy of the kubeconfig that start files may spoil", () => {
    expect(plan({}).env).toEqual({ KUBECONFIG: "/tmp/s/kubeconfig", DOCKER_CONTEXT: undefined, PATH: "/tools:/bin" });
  });

  test("variables that point at our files are given back", () => {
    expect(plan({}).files["bashrc"]).toContain("\\unset BASH_ENV");
    expect(plan({ shell: "dash" }).files["env"]).toContain("\\export ENV='$HOME/.shrc'");
    expect(plan({ shell: "zsh" }).files[".zshenv"]).toContain("\\export ZDOTDIR=/z");
  });
});

test.each(["/bin/tcsh", "/usr/bin/nu", "/usr/sbin/nologin", "toString"])("%s is refused with the way out", (shell) => {
  expect(() => plan({ shell })).toThrow(
    expect.objectContaining({
      exitCode: 3,
      message: expect.stringContaining(shell.split("/").at(-1) ?? ""),
      cure: expect.stringMatching(/^SHELL=\/bin\/sh labs shell/),
    }),
  );
});
