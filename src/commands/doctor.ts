import { ExitCode } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { examine, type Finding } from "../setup/probes/probe.ts";
import { probes } from "../flows/probes.ts";

function line(finding: Finding): string {
  const head = `${finding.level.padEnd(8)} ${finding.name.padEnd(22)} ${finding.found}`;
  return finding.level === "ok" || finding.cure === undefined ? head : `${head}\n${" ".repeat(9)}cure: ${finding.cure}`;
}

/** Says what this machine lacks and how to cure it. Installs nothing. */
export async function doctor(rt: Runtime, options: { readonly json?: boolean }): Promise<ExitCode> {
  const findings = await examine(rt, probes);
  const ready = findings.every((finding) => finding.level !== "missing");
  if (options.json === true) rt.out.write(`${JSON.stringify({ ready, findings }, undefined, 2)}\n`);
  else rt.out.write(`${findings.map(line).join("\n")}\n`);
  return ready ? ExitCode.done : ExitCode.environment;
}
