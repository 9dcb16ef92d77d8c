import { basename, join } from "node:path";
import { environmentError } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { withPath, type SandboxView, type Variables } from "../flows/sandbox-env.ts";
import { fishQuote, shellQuote } from "../lib/shell-quote.ts";
import { fishAfter } from "./fish-files.ts";
import { posixAfter, restored } from "./posix-files.ts";

/** Start files may write to the kubeconfig that they find, so they find this copy of the lab's. */
export const copyName = "kubeconfig";

/** How a shell is started so that the lab's variables come after the learner's own start files. */
export interface ShellPlan {
  readonly argv: readonly [string, ...string[]];
  readonly env: Variables;
  /** Files to be written into the folder, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** False when the shell reads no start file, so that it neither changes anything nor says that it is ready. */
  readonly reports: boolean;
}

/** What a plan is made of. */
export interface ShellRequest {
  /** The learner's shell, as $SHELL has it. */
  readonly shell: string;
  readonly view: SandboxView;
  /** Private folder of the generated files. */
  readonly folder: string;
  /** The environment that the shell starts in, but for the view. */
  readonly env: Runtime["env"];
  /** The shell talks to a person. */
  readonly terminal: boolean;
}

type Recipe = (request: ShellRequest) => Omit<ShellPlan, "env"> & { readonly env?: Variables };

const source = (file: string): string => `[ ! -r ${file} ] || . ${file}\n`;
const sourceZsh = (name: string): string => source(`"\${ZDOTDIR:-$HOME}/${name}"`);

/** Sets __labs_rc to the file that a variable's value names: as shells do, parameters in it are expanded. */
const expand = (value: string): string =>
  `\\eval ${shellQuote(`__labs_rc="${value.replaceAll(/["\\`]/g, "\\$&")}"`)}\n`;

const bash: Recipe = ({ shell, view, folder, env, terminal }) => {
  const rc = join(folder, "bashrc");
  const after = `${restored(env, "BASH_ENV")}\n${posixAfter("bash", view, folder)}`;
  return {
    // Without a terminal bash still reads an rc file where it takes its input for a connection.
    argv: [shell, "--rcfile", rc, ...(terminal ? ["-i"] : [])],
    env: terminal ? {} : { BASH_ENV: join(folder, "env") },
    files: {
      bashrc: `${source("~/.bashrc")}${after}`,
      env: `${expand(env["BASH_ENV"] ?? "")}${source('"$__labs_rc"')}${after}`,
    },
    reports: true,
  };
};

/** zsh asks $ZDOTDIR for its files. Ours hand over to the learner's, and give ZDOTDIR back before the last of them is read. */
const zsh: Recipe = ({ shell, view, folder, env, terminal }) => {
  const here = shellQuote(folder);
  return {
    argv: [shell, ...(terminal ? ["-i"] : [])],
    env: { ZDOTDIR: folder },
    files: {
      ".zshenv": `${restored(env, "ZDOTDIR")}
${sourceZsh(".zshenv")}if [[ -o interactive && -o rcs ]]; then
  __labs_had=\${ZDOTDIR+x} __labs_dir=\${ZDOTDIR-}
  \\export ZDOTDIR=${here}
else
  . ${here}/after
fi
`,
      ".zshrc": `if [[ -n $__labs_had ]]; then \\export ZDOTDIR=$__labs_dir; else \\unset ZDOTDIR; fi
\\unset __labs_had __labs_dir
# The system's own file may have put the history beside ours.
[[ \${HISTFILE-} != ${here}/* ]] || HISTFILE=\${ZDOTDIR:-$HOME}/\${HISTFILE##*/}
${sourceZsh(".zshrc")}. ${here}/after
`,
      after: posixAfter("zsh", view, folder),
    },
    reports: true,
  };
};

const fish: Recipe = ({ shell, view, folder, terminal }) => ({
  argv: [shell, "--init-command", `source ${fishQuote(join(folder, "after.fish"))}`, ...(terminal ? ["-i"] : [])],
  files: { "after.fish": fishAfter(view, folder) },
  reports: true,
});

/** sh, dash and ksh read the file that ENV names, with a person only; ksh has one that it reads without ENV. */
const posix: Recipe = ({ shell, view, folder, env, terminal }) => {
  const own = env["ENV"];
  const name =
    own === undefined
      ? `case \${KSH_VERSION-} in "") ;; *MIRBSD*) __labs_rc=$HOME/.mkshrc ;; *) __labs_rc=$HOME/.kshrc ;; esac`
      : expand(own);
  return {
    argv: [shell, ...(terminal ? ["-i"] : [])],
    env: terminal ? { ENV: join(folder, "env") } : {},
    files: terminal
      ? {
          env: `${restored(env, "ENV")}\n__labs_rc=''\n${name}\n${source('"$__labs_rc"')}${posixAfter("sh", view, folder)}`,
        }
      : {},
    reports: terminal,
  };
};

const recipes = new Map<string, Recipe>([
  ["bash", bash],
  ["zsh", zsh],
  ["fish", fish],
  ...["sh", "dash", "ash", "ksh", "ksh93", "mksh"].map((name) => [name, posix] as const),
]);

/** Plans the learner's shell. Throws (exit 3) for a shell whose start files would have the last word. */
export function planShell(rt: Pick<Runtime, "program">, request: ShellRequest): ShellPlan {
  const name = basename(request.shell);
  const recipe = recipes.get(name);
  if (recipe === undefined) {
    throw environmentError(
      `labs cannot make sure that ${name} is left with the lab's variables after its start files`,
      {
        cure: `SHELL=/bin/sh ${rt.program} shell, or with bash, zsh or fish in its place`,
      },
    );
  }
  const { env, ...plan } = recipe(request);
  const copy = plan.reports ? { KUBECONFIG: join(request.folder, copyName) } : {};
  return { ...plan, env: { ...withPath(request.view, request.env["PATH"]), ...copy, ...env } };
}
