import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Exec } from "../../src/lib/exec.ts";
import { shellQuote } from "../../src/lib/shell-quote.ts";

/** What a terminal showed until now. */
export interface Screen {
  text: string;
}

/**
 * Runs a program on a terminal of its own, made by util-linux' script, and types `lines`, one at each prompt that holds `prompt`. The process id
 * that is reported is the program's own. Ended after a minute: a prompt that does not come would be waited for.
 */
export function execOnTerminal(options: {
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly prompt: string;
  readonly lines: readonly string[];
  readonly screen: Screen;
}): Exec {
  const { env, folder, prompt, lines, screen } = options;
  return async (argv, { env: more = {}, onStart, signal } = {}) => {
    const pidFile = join(folder, "pid");
    const whole = Object.entries({ TERM: "vt100", ...env, ...more, LC_ALL: "C" });
    const given = Object.fromEntries(whole.filter(([, value]) => value !== undefined));
    const shell = given["SHELL"] ?? "/bin/sh";
    const command = `echo $$ >${shellQuote(pidFile)}; export SHELL=${shellQuote(shell)}; exec ${argv.map(shellQuote).join(" ")}`;
    const child = spawn("script", ["-qec", command, "/dev/null"], { env: { ...given, SHELL: "/bin/sh" }, cwd: folder });
    signal?.addEventListener("abort", () => child.kill("SIGKILL"));
    const late = setTimeout(() => child.kill("SIGKILL"), 60_000);
    let told = false;
    let typed = 0;
    child.stdout.on("data", (data: Buffer) => {
      screen.text += data.toString();
      if (typed < lines.length && screen.text.split(prompt).length - 1 > typed) {
        child.stdin.write(`${lines[typed] ?? ""}\r`);
        typed += 1;
      }
    });
    child.stdin.on("error", () => undefined);
    const pids = setInterval(() => {
      const pid = readText(pidFile).trim();
      const running = pid === "" ? "" : readText(`/proc/${pid}/cmdline`);
      // Until then it is the shell that starts the program.
      if (told || running === "" || running.includes("echo $$ >")) return;
      told = true;
      onStart?.(Number(pid));
    }, 20);
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve(code ?? -1));
    }).finally(() => {
      clearInterval(pids);
      clearTimeout(late);
    });
    return { exitCode, stdout: screen.text, stderr: "" };
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
