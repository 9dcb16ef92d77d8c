import { join } from "node:path";
import { ExitCode } from "../lib/errors.ts";
import { labNames } from "../lab/read/catalog.ts";
import { readHeader } from "../lab/read/header.ts";
import { proofState, readEngineParts } from "../lab/proof.ts";
import { listText, type ListedLab } from "../report/list-text.ts";
import type { Runtime } from "../runtime.ts";

function json({ id, header, proof }: ListedLab): Readonly<Record<string, unknown>> {
  if (header === undefined) return { id, valid: false };
  const { workers, ...rest } = header;
  const sandbox = workers === undefined ? { provider: "docker" } : { provider: "kind", workers };
  return { ...rest, valid: true, sandbox, proof: proof === "-" ? null : proof };
}

/** Lists the labs of the library. Imports neither schema nor registries: it must answer at once. */
export async function list(rt: Runtime, options: { readonly json?: boolean } = {}): Promise<ExitCode> {
  const [names, engine] = await Promise.all([labNames(rt), readEngineParts(rt.paths.engine)]);
  const labs = await Promise.all(
    names.map(async (id): Promise<ListedLab> => {
      const dir = join(rt.paths.library, id);
      const [header, proof] = await Promise.all([readHeader(dir), proofState(dir, engine)]);
      return { id, header, proof };
    }),
  );
  if (options.json === true) rt.out.write(`${JSON.stringify(labs.map(json), undefined, 2)}\n`);
  else rt.out.write(listText(labs, rt.out.isTTY ? rt.out.columns : undefined));
  return ExitCode.done;
}
