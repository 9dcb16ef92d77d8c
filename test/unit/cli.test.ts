import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { commandTable, isUsageError, runCli } from "../../src/cli.ts";
import { fakeRuntime, fakeSink } from "../fakes/runtime.ts";

const names = commandTable.map(({ name }) => name);
/** What the command modules were called with, without the runtime. */
let calls: unknown[][] = [];

beforeEach(() => {
  calls = [];
});
beforeAll(() => {
  for (const name of names) {
    vi.doMock(`../../src/commands/${name}.ts`, () => ({
      [name]: (_rt: unknown, ...rest: unknown[]) => {
        calls.push([name, ...rest]);
        return Promise.resolve(1);
      },
    }));
  }
});
// Files share their modules.
afterAll(() => {
  for (const name of names) vi.doUnmock(`../../src/commands/${name}.ts`);
});

async function run(...argv: string[]) {
  const out = fakeSink();
  const err = fakeSink();
  const code = await runCli(argv, fakeRuntime({ out, err, version: "1.2.3" })).catch((error: unknown) => {
    if (!isUsageError(error)) throw error;
    return error.exitCode === 0 ? "help" : "usage";
  });
  return { code, out: out.text(), err: err.text() };
}

const off = { json: false };

describe("every command gets its arguments and options", () => {
  it.each<[string, unknown[]]>([
    ["list", ["list", off]],
    ["list --json", ["list", { json: true }]],
    ["show pdb", ["show", { lab: "pdb", json: false }]],
    ["start pdb", ["start", "pdb", { keep: false, json: false }]],
    [
      "start pdb --variant a --seed x --keep --json",
      ["start", "pdb", { variant: "a", seed: "x", keep: true, json: true }],
    ],
    ["status", ["status", off]],
    ["verify --junit r.xml", ["verify", { json: false, junit: "r.xml" }]],
    ["hint --all", ["hint", { all: true, json: false }]],
    ["solution --give-up", ["solution", { giveUp: true, json: false }]],
    ["reset --json", ["reset", { json: true }]],
    ["stop", ["stop", off]],
    ["down --all", ["down", { all: true, purge: false, everything: false, yes: false, json: false }]],
    [
      "down --purge --everything --yes --json",
      ["down", { all: false, purge: true, everything: true, yes: true, json: true }],
    ],
    ["shell", ["shell", []]],
    ["shell kubectl get pods --json -A", ["shell", ["kubectl", "get", "pods", "--json", "-A"]]],
    ["env", ["env", off]],
    ["env --shell fish", ["env", { shell: "fish", json: false }]],
    ["doctor --json", ["doctor", { json: true }]],
    ["setup --yes", ["setup", { images: false }]],
    ["setup --images", ["setup", { images: true }]],
    ["lint", ["lint", { labs: [], json: false }]],
    ["lint a ./b --json", ["lint", { labs: ["a", "./b"], json: true }]],
  ])("labs %s", async (line, call) => {
    expect(await run(...line.split(" "))).toMatchObject({ code: 1, out: "", err: "" });
    expect(calls).toEqual([call]);
  });

  it("labs prove", async () => {
    await run(
      "prove",
      "a",
      "b",
      "--case",
      "broken",
      "leaks",
      "--resume",
      "--record",
      "--run-scripts",
      "--junit",
      "p.xml",
    );
    await run("prove", "--due", "--minutes", "20", "--json");
    await run("prove", "--changed", "--jobs", "2");
    await run("prove", "--sample", "10");
    const none = {
      all: false,
      changed: false,
      due: false,
      resume: false,
      record: false,
      runScripts: false,
      json: false,
    };
    expect(calls).toEqual([
      [
        "prove",
        ["a", "b"],
        { ...none, cases: ["broken", "leaks"], resume: true, record: true, runScripts: true, junit: "p.xml" },
      ],
      ["prove", [], { ...none, due: true, minutes: 20, json: true }],
      ["prove", [], { ...none, changed: true, jobs: 2 }],
      ["prove", [], { ...none, sample: 10 }],
    ]);
  });
});

describe("bad usage", () => {
  it.each([
    ["list --bogus", "unknown option '--bogus'"],
    ["start", "missing required argument 'lab'"],
    ["start a b", "too many arguments"],
    ["start a --seed", "argument missing"],
    ["strat pdb", "Did you mean start?"],
    ["start pdb --vairant a", "Did you mean --variant?"],
  ])("labs %s runs nothing and says why", async (line, told) => {
    const { code, out, err } = await run(...line.split(" "));
    expect({ code, out }).toEqual({ code: "usage", out: "" });
    expect(err).toContain(told);
    expect(err).toContain("labs --help");
    expect(calls).toEqual([]);
  });
});

describe("on Windows", () => {
  const windows = { platform: "win32", arch: "x64", uid: -1, pid: 1 };

  it("every command is refused, and WSL2 named", async () => {
    for (const line of ["list", "doctor", "start pdb", "lint"]) {
      const running = runCli(line.split(" "), fakeRuntime({ host: windows }));
      await expect(running).rejects.toMatchObject({
        exitCode: 3,
        message: expect.stringContaining("WSL2"),
        cure: expect.stringContaining("wsl --install"),
      });
    }
    expect(calls).toEqual([]);
  });

  it("help is still there", async () => {
    const out = fakeSink();
    expect(await runCli([], fakeRuntime({ host: windows, out }))).toBe(0);
    expect(out.text()).toContain("Usage: labs");
  });
});

describe("help", () => {
  it("is what labs says without a command, with every command and exit code", async () => {
    const { code, out } = await run();
    expect(code).toBe(0);
    for (const { name } of commandTable) expect(out).toMatch(new RegExp(`^  ${name}\\b.*`, "m"));
    for (const exit of ["0 done", "1 not solved", "2 bad usage", "3 the", "4 no lab", "130 interrupted", "70 a bug"]) {
      expect(out).toContain(exit);
    }
  });

  it.each(commandTable.map((row) => [row.name, row] as const))("of %s has all of it", async (name, row) => {
    const { code, out } = await run(name, "--help");
    expect(code).toBe("help");
    const flat = out.replaceAll(/\s+/g, " ");
    for (const [flags, help] of row.options) {
      expect(flat).toContain(flags);
      expect(flat).toContain(help);
    }
    for (const [, help] of row.args ?? []) expect(flat).toContain(help);
    if (row.more !== undefined) expect(flat).toContain(row.more.replaceAll(/\s+/g, " "));
    expect((await run("help", name)).out).toBe(out);
    expect(calls).toEqual([]);
  });

  it("and version go to stdout", async () => {
    expect(await run("--version")).toEqual({ code: "help", out: "1.2.3\n", err: "" });
  });
});
