import type { SandboxView, Variables } from "../flows/sandbox-env.ts";
import { shellQuote } from "../lib/shell-quote.ts";

/** The lines that give a view to sh, bash, zsh or ksh. A backslash keeps the learner's aliases out. */
export function posixVariables({ variables, path }: SandboxView): string {
  const lines = Object.entries(variables).map(([name, value]) =>
    value === undefined ? `\\unset ${name}` : `\\export ${name}=${shellQuote(value)}`,
  );
  if (path !== undefined) {
    const folder = shellQuote(path);
    lines.push(`case ":$PATH:" in *:${folder}:*) ;; *) \\export PATH=${folder}:"$PATH" ;; esac`);
  }
  return `${lines.join("\n")}\n`;
}

/** Puts a variable back to what it was before a shell was pointed at our files. */
export function restored(env: Variables, name: string): string {
  const before = env[name];
  return before === undefined ? `\\unset ${name}` : `\\export ${name}=${shellQuote(before)}`;
}

/** Appends each variable's name to __labs_changed that is not as the lab has it. */
function compare(variables: Variables): string {
  return Object.entries(variables)
    .map(([name, value]) => {
      const same = value === undefined ? `[ -z "\${${name}+x}" ]` : `[ "\${${name}-}" = ${shellQuote(value)} ]`;
      return `  ${same} || __labs_changed="$__labs_changed ${name}"`;
    })
    .join("\n");
}

/** Aliases and functions that name a cluster, namespace or engine of their own are switched off, and the learner is told. */
const strayAliases = `__labs_stray() {
  case $1 in
    *KUBECONFIG=* | *DOCKER_HOST=* | *DOCKER_CONTEXT=*) return 0 ;;
    *kube* | *helm* | *docker*) ;;
    *) return 1 ;;
  esac
  case $1 in
    *" --kubeconfig"* | *" --kube-"* | *" --context"* | *" --server"* | *" --host"*) return 0 ;;
    *"kubectl -n"* | *"kubectl --namespace"* | *"kubectl -s"* | *"kubectl --cluster"* | *"kubectl --user"*) return 0 ;;
    *"docker -H"* | *"docker -c"* | *"helm -n"* | *"helm --namespace"*) return 0 ;;
  esac
  return 1
}
__labs_off() {
  \\printf 'labs: %s is off in this shell, because it names a cluster, namespace or engine of its own: %s\\n' "$1" "$2" >&2
}
__labs_aliases() {
  while IFS= \\read -r __labs_text; do
    __labs_text=\${__labs_text#alias }
    __labs_stray "$__labs_text" || continue
    __labs_name=\${__labs_text%%=*}
    ! \\unalias "$__labs_name" 2>/dev/null || __labs_off "the alias $__labs_name" "\${__labs_text#*=}"
  done <<LABS_ALIASES
$(\\alias)
LABS_ALIASES
  for __labs_name in kubectl docker helm k; do
    # dash cannot show a function's text, so there each of them counts.
    __labs_text=$(\\typeset -f "$__labs_name" 2>/dev/null || case $(\\type "$__labs_name" 2>/dev/null) in (*function*) \\printf KUBECONFIG= ;; esac)
    ! __labs_stray "$__labs_text" || { \\unset -f "$__labs_name" && __labs_off "$__labs_name" "a function of your start files"; }
  done
}
`;

/** What a family of shells does at every prompt: bash by a variable, zsh by lists of functions, others have nothing that changes it either. */
const hooks = {
  bash: `  case "$(\\declare -p PROMPT_COMMAND 2>/dev/null)" in
    "declare -a "*) PROMPT_COMMAND+=(__labs_prompt) ;;
    "declare -"*r*" PROMPT_COMMAND"*) ;;
    *) PROMPT_COMMAND="\${PROMPT_COMMAND:+$PROMPT_COMMAND
}__labs_prompt" ;;
  esac
`,
  zsh: `  precmd_functions+=(__labs_prompt)
  preexec_functions+=(__labs_prompt)
`,
  sh: "",
} as const;

/** Families of shells that read these files. */
export type PosixFamily = keyof typeof hooks;

/**
 * What runs in the shell after the learner's own start files: sets the variables, sees that they hold, keeps them at every prompt, and reports in
 * `folder`: `ready`, or `refused` with the names of variables that cannot be changed, upon which the shell ends.
 */
export function posixAfter(family: PosixFamily, view: SandboxView, folder: string): string {
  const inFolder = (name: string): string => shellQuote(`${folder}/${name}`);
  // The learner's options of zsh must not change what these lines mean.
  const plain = family === "zsh" ? "  \\emulate -L sh\n  \\setopt no_warn_create_global\n" : "";
  return `__labs_status=0 __labs_changed='' __labs_told='' __labs_text='' __labs_name=''
__labs_apply() {
${posixVariables(view)}}
__labs_compare() {
  __labs_changed=''
${compare(view.variables)}
}
__labs_prompt() {
  __labs_status=$?
${plain}  __labs_compare
  if [ -n "$__labs_changed" ]; then
    __labs_apply
    if [ -z "$__labs_told" ]; then
      __labs_told=yes
      \\printf 'labs:%s was changed and is as the lab has it again; leave this shell to work elsewhere\\n' "$__labs_changed" >&2
    fi
  fi
  return "$__labs_status"
}
${strayAliases}__labs_begin() {
${plain}  if ! (__labs_apply && __labs_compare && [ -z "$__labs_changed" ]) >/dev/null 2>&1; then
    __labs_compare
    IFS=' '
    for __labs_name in $__labs_changed; do (\\unset "$__labs_name") 2>/dev/null || __labs_text="$__labs_text $__labs_name"; done
    \\printf %s "$__labs_text" >|${inFolder("refused")}
    \\exit 3
  fi
  __labs_apply
  __labs_aliases
${hooks[family]}  : >|${inFolder("ready")}
}
__labs_begin
`;
}
