/** The words that `keep` of the check `preserve` may name. */
export const keywords = [
  "replicas",
  "image",
  "labels",
  "probes",
  "requests",
  "limits",
  "budget",
  "quota",
  "policies",
  "nodes",
  "kube-system",
  "args",
] as const;

/** What `preserve` can keep. */
export type Keyword = (typeof keywords)[number];

/** What is not as it was, and the command that shows it. */
export interface Kept {
  readonly problems: readonly string[];
  readonly lookAt: string | undefined;
}
