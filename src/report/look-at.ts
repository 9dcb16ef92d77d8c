/** Wraps a word in single quotes where a shell would not take it as one. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A read-only command as the learner can type it: kubectl is told our kubeconfig, unless the learner's shell already has it. */
export function lookAtText(command: string, kubeconfig: string | undefined): string {
  if (kubeconfig === undefined) return command;
  return command.replace(/^kubectl\b/, `kubectl --kubeconfig ${quoted(kubeconfig)}`);
}
