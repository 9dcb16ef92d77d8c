import type { SandboxView } from "../flows/sandbox-env.ts";
import { fishQuote } from "../lib/shell-quote.ts";

/** The lines that give a view to fish. A universal variable outlives the shell, so it is hidden behind an empty one instead of erased. */
export function fishVariables({ variables, path }: SandboxView): string {
  const lines = Object.entries(variables).map(([name, value]) =>
    value === undefined
      ? `set -eg ${name}; set -q ${name}; and set -gx ${name} ''`
      : `set -gx ${name} ${fishQuote(value)}`,
  );
  if (path !== undefined) {
    const folder = fishQuote(path);
    lines.push(`contains -- ${folder} $PATH; or set -gx PATH ${folder} $PATH`);
  }
  return `${lines.join("\n")}\n`;
}

/** What fish runs after the learner's configuration; see posixAfter. */
export function fishAfter(view: SandboxView, folder: string): string {
  const inFolder = (name: string): string => fishQuote(`${folder}/${name}`);
  const compare = Object.entries(view.variables).map(
    ([name, value]) => `  test "$${name}" = ${fishQuote(value ?? "")}; or set -a __labs_changed ${name}\n`,
  );
  return `function __labs_apply
${fishVariables(view)}end
function __labs_compare
  set -g __labs_changed
${compare.join("")}end
function __labs_prompt --on-event fish_prompt --on-event fish_preexec
  __labs_compare
  test -z "$__labs_changed"; and return
  __labs_apply
  set -q __labs_told; and return
  set -g __labs_told yes
  echo "labs: $__labs_changed was changed and is as the lab has it again; leave this shell to work elsewhere" >&2
end
function __labs_stray
  string match -qr '(KUBECONFIG|DOCKER_HOST|DOCKER_CONTEXT)(=| )' -- $argv; and return
  string match -qr '(kube|helm|docker).* --(kubeconfig|kube-|context|server|host)' -- $argv; and return
  string match -qr '(kubectl (-n|-s|--namespace|--cluster|--user)|docker -[Hc]|helm (-n|--namespace))' -- $argv
end
function __labs_off
  echo "labs: $argv[1] is off in this shell, because it names a cluster, namespace or engine of its own: $argv[2]" >&2
end
for line in (alias)
  set -l parts (string match -r '^alias (\\S+) (.*)$' -- $line)
  if test (count $parts) = 3; and __labs_stray $parts[3]
    functions -e -- $parts[2]
    __labs_off "the alias $parts[2]" $parts[3]
  end
end
for name in kubectl docker helm k
  if functions -q $name; and __labs_stray (functions $name | string collect)
    functions -e $name
    __labs_off $name "a function of your configuration"
  end
end
# An abbreviation is seen when it is typed, and may be one that outlives this shell: it stays.
for line in (abbr --show)
  __labs_stray $line; and echo "labs: this abbreviation of yours leads away from the lab: $line" >&2
end
__labs_apply
__labs_compare
if test -z "$__labs_changed"
  true >${inFolder("ready")}
else
  echo -n " $__labs_changed" >${inFolder("refused")}
  exit 3
end
`;
}
