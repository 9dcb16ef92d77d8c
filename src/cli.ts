import { Argument, Command, CommanderError, Option } from "commander";
import { environmentError, usageError } from "./lib/errors.ts";
import { fileError } from "./lib/file-error.ts";
import { folderError } from "./setup/folder-error.ts";
import type { Runtime } from "./runtime.ts";

/** One option: flags as commander writes them, and its help. */
type OptionRow = readonly [flags: string, help: string];

/** Parsed options; commander gives strings, booleans, or lists of strings. */
type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** One command: what help says, and its action, imported when it runs. */
interface CommandRow {
  readonly name: string;
  readonly args?: readonly (readonly [name: string, help: string])[];
  readonly summary: string;
  /** Printed under the options. */
  readonly more?: string;
  readonly options: readonly OptionRow[];
  readonly run: (rt: Runtime, args: readonly string[], options: Options) => Promise<number>;
}

const json: OptionRow = ["--json", "print data as JSON on stdout"];

const flag = (value: Options[string]): boolean => value === true;

function minutes(name: string, value: Options[string]): number {
  const given = Number(value);
  if (Number.isFinite(given) && given > 0) return given;
  throw usageError(`--${name} takes a number above 0, not "${String(value)}"`);
}

function jobs(value: Options[string]): number {
  const given = Number(value);
  if (Number.isInteger(given) && given >= 1 && given <= 4) return given;
  throw usageError(`--jobs takes a whole number from 1 to 4, not "${String(value)}"`);
}

/** Every command, option and help text. */
export const commandTable: readonly CommandRow[] = [
  {
    name: "list",
    summary: "list the labs of the library",
    options: [json],
    run: async (rt, _args, options) => (await import("./commands/list.ts")).list(rt, { json: flag(options["json"]) }),
  },
  {
    name: "show",
    args: [["<lab>", "name from labs list, or a folder with a lab.yaml"]],
    summary: "show what a lab is about, without spoilers",
    options: [json],
    run: async (rt, [lab = ""], options) =>
      (await import("./commands/show.ts")).show(rt, { lab, json: flag(options["json"]) }),
  },
  {
    name: "start",
    args: [["<lab>", "name from labs list, or a folder with a lab.yaml"]],
    summary: "make a sandbox, let the incident happen, hand over",
    more: "Sets up what is missing on the first run. Waits until the symptom can be seen.\nExample: labs start probes-storm",
    options: [
      ["--variant <id>", "one root cause of several; random without it"],
      ["--seed <text>", "make random choices repeatable"],
      ["--keep", "leave everything as it is when the start fails or is interrupted"],
      json,
    ],
    run: async (rt, [lab = ""], options) =>
      (await import("./commands/start.ts")).start(rt, lab, {
        ...(typeof options["variant"] === "string" ? { variant: options["variant"] } : {}),
        ...(typeof options["seed"] === "string" ? { seed: options["seed"] } : {}),
        keep: flag(options["keep"]),
        json: flag(options["json"]),
      }),
  },
  {
    name: "status",
    summary: "say which lab runs, where, and since when",
    options: [json],
    run: async (rt, _args, options) =>
      (await import("./commands/status.ts")).status(rt, { json: flag(options["json"]) }),
  },
  {
    name: "verify",
    summary: "find out by experiment whether the lab is repaired",
    more: "Exit code 0: solved. 1: not solved. 3: something could not be observed.",
    options: [json, ["--junit <file>", "also write a JUnit report"]],
    run: async (rt, _args, options) =>
      (await import("./commands/verify.ts")).verify(rt, {
        json: flag(options["json"]),
        ...(typeof options["junit"] === "string" ? { junit: options["junit"] } : {}),
      }),
  },
  {
    name: "hint",
    summary: "give the next hint, a nudge first",
    options: [["--all", "all hints given so far and the next one"], json],
    run: async (rt, _args, options) =>
      (await import("./commands/hint.ts")).hint(rt, { all: flag(options["all"]), json: flag(options["json"]) }),
  },
  {
    name: "solution",
    summary: "explain root cause, repairs and prevention, once it is solved",
    options: [["--give-up", "show it before the lab is solved; the session records that"], json],
    run: async (rt, _args, options) =>
      (await import("./commands/solution.ts")).solution(rt, {
        giveUp: flag(options["giveUp"]),
        json: flag(options["json"]),
      }),
  },
  {
    name: "reset",
    summary: "break the running lab again, in the same sandbox",
    options: [json],
    run: async (rt, _args, options) => (await import("./commands/reset.ts")).reset(rt, { json: flag(options["json"]) }),
  },
  {
    name: "stop",
    summary: "take the lab away and restore the sandbox",
    more: "Names what was cleaned. A clean cluster is kept warm, paused; labs down removes it.",
    options: [json],
    run: async (rt, _args, options) => (await import("./commands/stop.ts")).stop(rt, { json: flag(options["json"]) }),
  },
  {
    name: "down",
    summary: "remove all sandboxes: clusters, networks, containers, volumes",
    more: "Asks before it takes what others may be using, and before --purge.",
    options: [
      ["--all", "also those of other LABS_HOME folders and users"],
      ["--purge", "also images, tools and state; not what you wrote, nor the records of your sessions"],
      ["--everything", "with --purge: those too"],
      ["--yes", "do not ask"],
      json,
    ],
    run: async (rt, _args, options) =>
      (await import("./commands/down.ts")).down(rt, {
        all: flag(options["all"]),
        purge: flag(options["purge"]),
        everything: flag(options["everything"]),
        yes: flag(options["yes"]),
        json: flag(options["json"]),
      }),
  },
  {
    name: "shell",
    args: [["[command...]", "run this instead of a shell"]],
    summary: "open a shell in which kubectl and docker see the lab",
    options: [],
    run: async (rt, args) => (await import("./commands/shell.ts")).shell(rt, args),
  },
  {
    name: "env",
    summary: 'print the shell\'s variables, for eval "$(labs env)"',
    options: [["--shell <name>", "write for sh (bash, zsh and ksh too) or fish; default sh"], json],
    run: async (rt, _args, options) =>
      (await import("./commands/env.ts")).env(rt, {
        ...(typeof options["shell"] === "string" ? { shell: options["shell"] } : {}),
        json: flag(options["json"]),
      }),
  },
  {
    name: "doctor",
    summary: "say what this machine lacks, with the cure of each",
    options: [json],
    run: async (rt, _args, options) =>
      (await import("./commands/doctor.ts")).doctor(rt, { json: flag(options["json"]) }),
  },
  {
    name: "setup",
    summary: "get kind, kubectl and the images",
    more: "Pulls the node image, or builds it from source where nothing can be pulled (about 15 minutes once).",
    options: [
      ["--images", "also the base images of labs with a Dockerfile; else got on first need"],
      // In a checkout the launcher reads it, before this program runs.
      ["--yes", "in a checkout: install the Docker engine without asking; nothing else is asked"],
    ],
    run: async (rt, _args, options) =>
      (await import("./commands/setup.ts")).setup(rt, { images: flag(options["images"]) }),
  },
  {
    name: "prove",
    args: [["[labs...]", "names from labs list, folders, or a folder of labs"]],
    summary: "prove labs both ways on a real sandbox (authors, CI)",
    more: "Cases: broken, every fix, every bypass, reset, leaks.",
    options: [
      ["--all", "every lab of the library"],
      ["--changed", "every lab that was edited since its pass, or has none"],
      ["--due", "those, what is owed of labs whose engine changed, a sample of the rest"],
      ["--sample <minutes>", "a sample of every lab, for so long"],
      ["--minutes <n>", "start no case after this many minutes"],
      ["--jobs <n>", "so many labs side by side; default 1"],
      ["--case <name...>", "only these cases"],
      ["--resume", "skip cases that passed at this digest before"],
      ["--record", "write a pass into the lab's proof.json"],
      ["--run-scripts", "run the scripts of a folder outside the library on this machine"],
      ["--junit <file>", "also write a JUnit report"],
      json,
    ],
    run: async (rt, args, options) => {
      const cases = options["case"];
      return (await import("./commands/prove.ts")).prove(rt, args, {
        ...(Array.isArray(cases) ? { cases: cases.map(String) } : {}),
        all: flag(options["all"]),
        changed: flag(options["changed"]),
        due: flag(options["due"]),
        ...(options["sample"] === undefined ? {} : { sample: minutes("sample", options["sample"]) }),
        ...(options["minutes"] === undefined ? {} : { minutes: minutes("minutes", options["minutes"]) }),
        ...(options["jobs"] === undefined ? {} : { jobs: jobs(options["jobs"]) }),
        resume: flag(options["resume"]),
        record: flag(options["record"]),
        runScripts: flag(options["runScripts"]),
        json: flag(options["json"]),
        ...(typeof options["junit"] === "string" ? { junit: options["junit"] } : {}),
      });
    },
  },
  {
    name: "lint",
    args: [["[labs...]", "names, folders, or a folder of labs; all of the library without any"]],
    summary: "check lab files without running anything (authors)",
    options: [json],
    run: async (rt, labs, options) =>
      (await import("./commands/lint.ts")).lint(rt, { labs: [...labs], json: flag(options["json"]) }),
  },
];

const exitCodes = `
Exit codes:
  0 done or solved          1 not solved
  2 bad usage or lab file   3 the environment failed
  4 no lab is running       130 interrupted            70 a bug

State is kept in $LABS_HOME (default ~/.local/state/labs). Your own kubeconfig
is never read or written.`;

/** Parses argv and runs the command; resolves with the exit code. Throws CommanderError for bad usage. */
export async function runCli(argv: readonly string[], rt: Runtime): Promise<number> {
  let exitCode = 0;
  const program = new Command("labs")
    .description("Hands-on break/fix labs for Docker and Kubernetes on your own machine.")
    .version(rt.version)
    .helpCommand("help [command]", "show help of a command")
    .addHelpText("after", exitCodes)
    .showSuggestionAfterError(true)
    .showHelpAfterError(`(${rt.program} --help lists the commands)`)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: (out) => rt.out.write(out), writeErr: (err) => rt.err.write(err) });
  for (const row of commandTable) {
    const command = program
      .command(row.name)
      .summary(row.summary)
      .description(`${capital(row.summary)}.`);
    for (const [name, help] of row.args ?? []) command.addArgument(new Argument(name, help));
    for (const [flags, help] of row.options) command.addOption(new Option(flags, help));
    if (row.more !== undefined) command.addHelpText("after", `\n${row.more}`);
    if (row.name === "shell") command.passThroughOptions();
    command.action(async (...received: unknown[]) => {
      // commander hands over the arguments, then the options, then the command itself.
      const args = received
        .slice(0, -2)
        .flat()
        .filter((part) => typeof part === "string");
      refuseWindows(rt);
      try {
        exitCode = await row.run(rt, args, command.opts());
      } catch (error) {
        throw (await folderError(error, rt.paths)) ?? fileError(error) ?? error;
      }
    });
  }
  if (argv.length === 0) {
    program.outputHelp();
    return exitCode;
  }
  await program.parseAsync([...argv], { from: "user" });
  return exitCode;
}

/** Shells, paths and sockets are those of Linux and macOS; WSL2 has them, and Docker Desktop's engine is there too. */
function refuseWindows(rt: Runtime): void {
  if (rt.host.platform !== "win32") return;
  throw environmentError("labs does not run on Windows itself, only in WSL2", {
    cure: "wsl --install, switch on WSL integration in Docker Desktop (Settings, Resources), and run labs in the WSL2 terminal",
  });
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** True for commander's own errors: help shown, or bad usage already told. */
export function isUsageError(error: unknown): error is CommanderError {
  return error instanceof CommanderError;
}
