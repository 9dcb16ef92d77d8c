import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createExec } from "../../src/lib/exec.ts";
import type { SandboxView } from "../../src/flows/sandbox-env.ts";
import { openShell } from "../../src/shell/open-shell.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { execOnTerminal, type Screen } from "./pty.ts";

const viewFrom = (home: string): SandboxView => ({
  variables: {
    KUBECONFIG: `${home}/it's the lab's`,
    DOCKER_HOST: "unix:///lab.sock",
    DOCKER_CONTEXT: undefined,
    HELM_NAMESPACE: undefined,
  },
  path: "/tools of the lab",
});
const right = {
  KUBECONFIG: "~/it's the lab's",
  DOCKER_HOST: "unix:///lab.sock",
  // fish can only hide a variable that outlives it.
  DOCKER_CONTEXT: "",
  HELM_NAMESPACE: "",
  OWN: "kept",
};
const prompt = "at-the-prompt:";
const exportAll =
  "export KUBECONFIG=/prod DOCKER_HOST=tcp://prod:2375 DOCKER_CONTEXT=prod HELM_NAMESPACE=prod OWN=kept PATH=/usr/local/bin:/usr/bin:/bin\n";
const fishAll =
  "set -gx KUBECONFIG /prod; set -gx DOCKER_HOST tcp://prod:2375; set -Ux DOCKER_CONTEXT prod; set -gx HELM_NAMESPACE prod; set -gx OWN kept\nset -gx PATH /usr/local/bin /usr/bin /bin\n";
const posixPrompt = `PS1='${prompt} '\n`;
const fishPrompt = `function fish_prompt; echo -n '${prompt} '; end\nfunction fish_greeting; end\n`;

/** A learner's home and what happened in their shell. */
interface Scene {
  readonly shell: string;
  /** Start files, below the home. */
  readonly files: Readonly<Record<string, string>>;
  /** What is typed, before the environment is written down and the shell is left with 7. */
  readonly typed?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** So many times as fast as it is, time passes for the program. */
  readonly haste?: number;
  /** What is typed comes out of a pipe, without a terminal. */
  readonly piped?: boolean;
}

/** Shells that a machine may lack; CI has them. */
const optional = ["zsh", "fish"];
const missing = optional.filter((name) => process.env["CI"] === undefined && found(name) === undefined);

/** A test of each scene whose shell is there; the others are skipped by name. */
function testEach(
  scenes: readonly (readonly [string, Scene, string?])[],
  run: (scene: Scene, why: string) => Promise<void>,
): void {
  for (const [name, scene, why = ""] of scenes) test.skipIf(missing.includes(scene.shell))(name, () => run(scene, why));
}

function found(name: string): string | undefined {
  const folder = (process.env["PATH"] ?? "").split(":").find((one) => existsSync(join(one, name)));
  return folder === undefined ? undefined : join(folder, name);
}

async function play(scene: Scene) {
  const home = await mkdtemp(join(tmpdir(), "labs-shell-home-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(scene.files)) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), text);
  }
  await writeFile(join(home, "it's the lab's"), "the lab's");
  const shell = found(scene.shell) ?? scene.shell;
  const screen: Screen = { text: "" };
  const env = { HOME: home, PATH: process.env["PATH"] ?? "", SHELL: shell, KUBECONFIG: "/mine", ...scene.env };
  const leave = [`env >'${home}/seen'`, "exit 7"];
  const lines = [...(scene.typed ?? []), ...leave];
  const { signal } = new AbortController();
  const rt = fakeRuntime({
    clock: { ...systemClock, elapsed: () => systemClock.elapsed() * (scene.haste ?? 1) },
    env,
    terminal: scene.piped !== true,
    exec:
      scene.piped === true
        ? async (argv, options) => {
            await writeFile(join(home, "commands"), lines.join("\n"));
            // A pipe as a shell makes it: node's own is a socket, which bash and fish take for something else.
            const piped = ["sh", "-c", 'cat "$HOME/commands" | "$@"', "sh"] as const;
            return createExec(env, signal)([...piped, ...argv], {
              ...options,
              inherit: false,
              onStart: () => undefined,
            });
          }
        : execOnTerminal({ env, folder: home, prompt, lines, screen }),
  });
  const before = await readdir(tmpdir());
  const outcome = await openShell(rt, viewFrom(home)).catch((error: unknown) => error);
  const left = (await readdir(tmpdir())).filter((name) => name.startsWith("labs-shell-") && !before.includes(name));
  const text = await readFile(join(home, "seen"), "utf8").catch(() => "");
  const pairs = text
    .replaceAll(home, "~")
    .split("\n")
    .map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)]);
  const seen: Record<string, string> = { DOCKER_CONTEXT: "", HELM_NAMESPACE: "", ...Object.fromEntries(pairs) };
  return { outcome, left, seen, screen: screen.text, home };
}

const bash = (more: string): Scene => ({ shell: "bash", files: { ".bashrc": `${posixPrompt}${exportAll}${more}` } });
const zsh = (more: string): Scene => ({
  shell: "zsh",
  files: { ".zshrc": `unsetopt prompt_sp\n${posixPrompt}${exportAll}${more}` },
});
const fish = (more: string): Scene => ({
  shell: "fish",
  files: { ".config/fish/config.fish": `${fishPrompt}${fishAll}${more}` },
});

describe("start files that set their own variables do not have the last word", () => {
  testEach(
    [
      ["bash", bash("")],
      [
        "bash with arrays",
        bash("PROMPT_COMMAND=('export KUBECONFIG=/prod')\nset -u\nset -o noclobber\nalias export=true"),
      ],
      ["zsh", zsh("")],
      ["zsh with other options", zsh("setopt ksh_arrays warn_create_global no_unset no_clobber extended_glob\n")],
      [
        "zsh with a folder of its own",
        {
          shell: "zsh",
          files: {
            ".zshenv": 'export ZDOTDIR="$HOME/z dot"\nexport KUBECONFIG=/prod\n',
            "z dot/.zshrc": `${posixPrompt}${exportAll}`,
          },
        },
      ],
      ["fish", fish("")],
      ["dash", { shell: "dash", files: { ".shrc": `${posixPrompt}${exportAll}` }, env: { ENV: "$HOME/.shrc" } }],
      ["sh", { shell: "sh", files: { ".shrc": `${posixPrompt}${exportAll}` }, env: { ENV: "$HOME/.shrc" } }],
    ],
    async (scene) => {
      const { outcome, left, seen, screen } = await play(scene);
      expect(seen, screen).toMatchObject(right);
      expect(seen["PATH"]).toMatch(/^\/tools of the lab:/);
      expect(outcome).toBe(7);
      expect(left).toEqual([]);
      expect(Object.keys(seen).filter((name) => /^(__labs|BASH_ENV)/.test(name))).toEqual([]);
    },
  );
});

test("a start file that writes to the kubeconfig it finds writes to a copy", async () => {
  const { seen, home } = await play({
    shell: "bash",
    files: { ".bashrc": `cp "$KUBECONFIG" found; echo "namespace: prod" >"$KUBECONFIG"\n${posixPrompt}${exportAll}` },
  });
  expect(seen).toMatchObject(right);
  expect(await readFile(join(home, "found"), "utf8")).toBe("the lab's");
  expect(await readFile(join(home, "it's the lab's"), "utf8")).toBe("the lab's");
});

describe("off a terminal the commands come from a pipe, after the same start files", () => {
  testEach(
    [
      ["bash", { shell: "bash", files: { own: exportAll }, env: { BASH_ENV: "$HOME/own" } }],
      ["zsh", { shell: "zsh", files: { ".zshenv": exportAll } }],
      ["fish", fish("")],
      ["dash", { shell: "dash", files: {}, env: { OWN: "kept" } }],
    ],
    async (scene) => {
      const { outcome, left, seen } = await play({ ...scene, piped: true });
      expect(outcome).toBe(7);
      expect(seen).toMatchObject(right);
      expect(left).toEqual([]);
    },
  );
});

describe("what changes the variables later is undone before the next command, and told once", () => {
  const told = "KUBECONFIG was changed and is as the lab has it again";
  testEach(
    [
      ["bash", bash("hook() { KUBECONFIG=/other; }\nPROMPT_COMMAND='hook;'\n")],
      ["zsh", zsh("hook() { export KUBECONFIG=/other }\nprecmd_functions=(hook)\n")],
      ["fish", fish("function hook --on-event fish_prompt; set -gx KUBECONFIG /other; end\n")],
    ],
    async (scene) => {
      const { seen, screen } = await play({ ...scene, typed: ["export DOCKER_HOST=tcp://typed", "true"] });
      expect(seen, screen).toMatchObject(right);
      expect(screen.split(told).length - 1, screen).toBe(1);
    },
  );

  test("$? is left as it was", async () => {
    for (const scene of [bash("PS1='$? at-the-prompt:'\n"), zsh("setopt prompt_subst\nPS1='$? at-the-prompt:'\n")]) {
      const { screen } = await play({ ...scene, typed: ["(exit 5)"] });
      expect(screen).toContain("5 at-the-prompt:");
    }
  });
});

describe("aliases and functions that name another cluster are off, and named", () => {
  const aliases = `alias kubectl='kubectl --context prod'
alias kp='KUBECONFIG=/prod kubectl'
alias dps='docker ps -a'
alias kn='kubectl config set-context --current --namespace'
docker() { command docker --host tcp://prod "$@"; }
helm() { command helm "$@"; }
`;
  const typed = ["alias", "type docker", "type helm"];
  testEach(
    [
      ["bash", bash(aliases)],
      ["zsh", zsh(aliases)],
      [
        "dash",
        { shell: "dash", files: { ".shrc": `${posixPrompt}${exportAll}${aliases}` }, env: { ENV: "$HOME/.shrc" } },
      ],
      [
        "fish",
        fish(
          aliases
            .replaceAll(/^(alias \w+)=/gm, "$1 ")
            .replaceAll(/^(\w+)\(\) {(.*)}$/gm, "function $1;$2end")
            .replaceAll('"$@"', "$argv"),
        ),
      ],
    ],
    async (scene) => {
      const { screen } = await play({ ...scene, typed });
      const [start = "", ...after] = screen.split(prompt);
      expect(start).toContain("labs: the alias kubectl is off in this shell, because it names");
      expect(start).toContain("labs: the alias kp is off");
      expect(start).toContain("labs: docker is off");
      expect(start).not.toMatch(/the alias (dps|kn)/);
      expect(after[0]).toMatch(/\bdps\b/);
      expect(after[0]).not.toMatch(/\bkp\b|alias kubectl|^kubectl=/m);
      expect(after[1]).not.toContain("function");
      // dash cannot tell one function from another.
      expect(after[2]).toContain(scene.shell === "dash" ? "not found" : "function");
    },
  );
});

describe("where it cannot be made sure, the shell does not start", () => {
  testEach(
    [
      [
        "bash with a read-only variable",
        bash("readonly KUBECONFIG\n"),
        "bash cannot change KUBECONFIG after its start files",
      ],
      [
        "zsh with a read-only variable",
        zsh("readonly DOCKER_CONTEXT\n"),
        "zsh cannot change DOCKER_CONTEXT after its start files",
      ],
      [
        "dash with a read-only variable",
        { shell: "dash", files: { ".shrc": `readonly KUBECONFIG=/prod\n${posixPrompt}` }, env: { ENV: "$HOME/.shrc" } },
        "dash cannot change KUBECONFIG",
      ],
      ["bash that becomes another program", bash("exec sleep 600\n"), "bash was replaced by sleep in its start files"],
      ["fish that becomes another program", fish("exec sleep 600\n"), "fish was replaced by sleep in its start files"],
      ["bash that ends", bash("exit 0\n"), "bash ended before its start files did"],
      [
        "zsh that reads no files",
        { shell: "zsh", files: { ".zshenv": "exec zsh -f\n" }, haste: 20 },
        "zsh is not through its start files",
      ],
      ["tcsh", { shell: "tcsh", files: {} }, "labs cannot make sure that tcsh"],
    ],
    async (scene, why) => {
      const { outcome, left, seen } = await play(scene);
      expect(outcome).toMatchObject({
        exitCode: 3,
        message: expect.stringContaining(why),
        cure: expect.stringContaining("SHELL=/bin/sh labs shell"),
      });
      expect(seen).toEqual({ DOCKER_CONTEXT: "", HELM_NAMESPACE: "", "": "" });
      expect(left).toEqual([]);
    },
  );
});
