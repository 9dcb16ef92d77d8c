import { ExitCode } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { requireEngine, runSetup } from "../setup/ensure-ready.ts";

/** Gets everything that labs need onto this machine, except the engine: installing that is the launcher's or the user's part. */
export async function setup(rt: Runtime, _options: { readonly yes?: boolean }): Promise<ExitCode> {
  const engine = await requireEngine(rt);
  const tools = await runSetup(rt, { kind: true });
  const lines = [
    `Docker engine   ${engine}`,
    `kind            ${tools.kind}`,
    `kubectl         ${tools.kubectl}`,
    `node image      ${tools.nodeImage}`,
    `sample service  ${tools.goAppImage}`,
  ];
  rt.out.write(`${lines.join("\n")}\n`);
  return ExitCode.done;
}
