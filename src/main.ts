#!/usr/bin/env node
import nodeModule from "node:module";
import { isUsageError, runCli } from "./cli.ts";
import { environmentError, ExitCode, LabsError } from "./lib/errors.ts";
import { createInterrupts } from "./lib/interrupts.ts";
import { createRuntime } from "./host.ts";

// Node 22 and later keep compiled code between runs; Node 20 has no such call.
if ("enableCompileCache" in nodeModule && typeof nodeModule.enableCompileCache === "function") {
  nodeModule.enableCompileCache();
}

/** How printed commands call this program. */
const program = process.env["LABS_PROGRAM"] ?? "labs";
const interrupts = createInterrupts({
  now: () => performance.now(),
  force: () => {
    // Live lists hide the cursor while they draw.
    const cursor = process.stderr.isTTY ? "\u001b[?25h" : "";
    process.stderr.write(`${cursor}\nLeft without undoing. ${program} stop removes what was made.\n`);
    process.exit(ExitCode.interrupted);
  },
});

for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => interrupts.heard(name));

// A reader that goes away (labs list | head) is no error, nor is a terminal that is closed: what was made is still to be undone.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE" && !interrupts.signal.aborted) process.exit(ExitCode.done);
});
process.stderr.on("error", () => undefined);

function report(error: unknown): number {
  if (isUsageError(error)) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
  if (interrupts.signal.aborted) {
    process.stderr.write("Interrupted.\n");
    return ExitCode.interrupted;
  }
  // What no command turned into a sentence: the engine or the API server went away, or refused.
  const adapter = error instanceof Error && (error.name === "KubeError" || error.name === "DockerError");
  const told = error instanceof LabsError ? error : adapter ? environmentError(error.message) : undefined;
  if (told !== undefined) {
    const cure = told.cure ?? (adapter ? `${program} doctor` : undefined);
    process.stderr.write(`error: ${told.message}\n${cure === undefined ? "" : `next:  ${cure}\n`}`);
    return told.exitCode;
  }
  process.stderr.write(
    `This is a bug in labs, please report it.\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return ExitCode.bug;
}

/** Open connections to the engine or the API server must not keep a finished program alive. */
function leave(code: number): void {
  process.stdout.write("", () => process.exit(code));
}

try {
  leave(await runCli(process.argv.slice(2), createRuntime(interrupts.signal, interrupts.lend)));
} catch (error) {
  leave(report(error));
}
