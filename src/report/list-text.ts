import type { LabHeader } from "../lab/read/header.ts";
import type { ProofState } from "../lab/proof.ts";
import { table } from "./table.ts";

/** One lab of the library, as `labs list` shows it. `header` is missing when lab.yaml is not right. */
export interface ListedLab {
  readonly id: string;
  readonly header: LabHeader | undefined;
  readonly proof: ProofState;
}

/** What a lab runs on, in a few words. */
function sandboxText(workers: number | undefined): string {
  if (workers === undefined) return "docker";
  return workers === 0 ? "kind" : `kind, ${workers + 1} nodes`;
}

/** The table of `labs list`; `width` of the terminal, undefined where there is none. */
export function listText(labs: readonly ListedLab[], width?: number): string {
  const columns = [
    { title: "NAME" },
    { title: "LEVEL" },
    { title: "MIN", align: "right" },
    { title: "TOPICS", shrinkTo: 10 },
    { title: "SANDBOX" },
    { title: "PROOF" },
  ] as const;
  const rows = labs.map(({ id, header, proof }) =>
    header === undefined
      ? [id, "-", "-", "lab.yaml is not right: lint tells why", "-", proof]
      : [id, header.level, String(header.minutes), header.topics.join(", "), sandboxText(header.workers), proof],
  );
  return table(columns, rows, width);
}
