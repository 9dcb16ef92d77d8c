import { shellQuote } from "../shell-quote.ts";

/** A read-only command as the learner can type it: kubectl is told our kubeconfig, unless the learner's shell already has it. */
export function lookAtText(command: string, kubeconfig: string | undefined): string {
  if (kubeconfig === undefined) return command;
  return command.replace(/^kubectl\b/, `kubectl --kubeconfig ${shellQuote(kubeconfig)}`);
}
