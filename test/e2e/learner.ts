import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, inject } from "vitest";
import { homeId } from "../../src/sandbox/home-id.ts";

const decoy = "apiVersion: v1\nkind: Config\ncurrent-context: production\n";

/** How a command ended. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A learner with a home, a kubeconfig of their own that nobody may touch, and the installed program. */
export interface Learner {
  readonly home: string;
  readonly state: string;
  readonly env: Readonly<Record<string, string>>;
  labs(...args: string[]): Promise<Ended>;
  /** A command as typed in `labs shell`. */
  shell(script: string): Promise<Ended>;
  /** The decoys are byte-identical. */
  expectUntouched(): Promise<void>;
  /** What the engine has, to compare before and after. */
  engineState(): Promise<string[]>;
  leave(): Promise<void>;
}

/** A new learner. Tools and images are those of the machine: setting up is not what is tested here. */
export async function newLearner(extra: Readonly<Record<string, string>> = {}): Promise<Learner> {
  const home = await mkdtemp(join(tmpdir(), "labs-learner-"));
  const state = join(home, "state");
  const data = process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local/share");
  const files = [join(home, ".kube", "config"), join(home, "other-kubeconfig")];
  await mkdir(join(home, ".kube"));
  for (const file of files) await writeFile(file, decoy);
  const env = { HOME: home, KUBECONFIG: files[1] ?? "", LABS_HOME: state, XDG_DATA_HOME: data, ...extra };
  const bin = inject("labsBin");
  const labs = async (...args: string[]): Promise<Ended> => {
    const { exitCode, stdout, stderr } = await execa(bin, args, { env, reject: false, cwd: home, stdin: "ignore" });
    return { exitCode: exitCode ?? -1, stdout, stderr };
  };
  return {
    home,
    state,
    env,
    labs,
    shell: (script) => labs("shell", "bash", "-euo", "pipefail", "-c", script),
    expectUntouched: async () => {
      for (const file of files) expect(await readFile(file, "utf8")).toBe(decoy);
    },
    engineState: () => engineState(state),
    leave: async () => {
      await labs("down");
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Every container, network, volume and image of the engine, but for sandboxes of other homes: they come and go as others please. */
async function engineState(state: string): Promise<string[]> {
  const lists = [
    ["ps", "-a", "--format", "container {{.Names}}"],
    ["network", "ls", "--format", "network {{.Name}}"],
    ["volume", "ls", "--filter", "dangling=true", "--format", "volume {{.Name}}"],
    ["images", "--format", "image {{.Repository}}:{{.Tag}} {{.ID}}"],
  ];
  const found = await Promise.all(lists.map(async (args) => (await execa("docker", args)).stdout.split("\n")));
  const own = `labs-${homeId({ paths: { home: state } })}`;
  const foreign = (line: string): boolean => /labs-[0-9a-f]{6}/.test(line) && !line.includes(own);
  return found
    .flat()
    .filter((line) => line !== "" && !foreign(line))
    .sort();
}
