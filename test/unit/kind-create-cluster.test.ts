import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { interruptedError } from "../../src/lib/errors.ts";
import type { Exec } from "../../src/lib/exec.ts";
import type { Runtime } from "../../src/runtime.ts";
import { outOfReach } from "../../src/sandbox/kind/api-contact.ts";
import { createCluster } from "../../src/sandbox/kind/create-cluster.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

const tools = { kind: "/opt/kind", nodeImage: "labs/node:v1", goAppImage: "labs/go-app:v1" };
const topology = { provider: "kind", workers: 0, fresh: false } as const;
const docker = fakeDocker([], {
  version: async () => ({ version: "20.10", apiVersion: "1.41", cgroupVersion: "2", cpus: 2, memoryBytes: 8e9 }),
  subnets: async () => [],
  createNetwork: async ({ name }) => ({
    name,
    id: "0123456789abcdef",
    labels: {},
    internal: false,
    subnet: undefined,
    gateway: undefined,
    containers: [],
  }),
});

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "create-cluster-"));
});

/** A kind that prints these lines, and then writes its kubeconfig or fails. */
function hostWith(lines: readonly string[], journal: string[], failure?: Error): Runtime {
  const exec: Exec = async (_argv, options = {}) => {
    for (const line of lines) options.onLine?.(line);
    if (failure !== undefined) throw failure;
    await writeFile(options.env?.["KUBECONFIG"] ?? "", "kubeconfig", { mode: 0o644 });
    journal.push("kind ended");
    return { exitCode: 0, stdout: "", stderr: "" };
  };
  const base = fakeRuntime();
  return { ...base, exec, docker: async () => docker, paths: { ...base.paths, home } };
}

const kindLines = [
  " • Preparing nodes 📦  ...",
  " ✓ Preparing nodes 📦 ",
  " • Starting control-plane 🕹️  ...",
  " ✓ Starting control-plane 🕹️ ",
];

const unreachable = async (): Promise<never> => Promise.reject(new Error("no socket"));

describe("createCluster", () => {
  it("begins with the nodes once, while kind is at work", async () => {
    const journal: string[] = [];
    const onNodes = async (): Promise<number> => journal.push("begun");
    const notes: string[] = [];
    const note = (text: string): number => notes.push(text);
    const made = await createCluster(hostWith(kindLines, journal), "labs-abc123-0w", topology, tools, {
      note,
      onNodes,
    });
    expect(journal).toEqual(["begun", "kind ended"]);
    await expect(made.begun).resolves.toBe(1);
    expect(notes).toContain("Starting control-plane");
    // Kind's own kubeconfig is nobody's: it says where kind thinks that the API server is.
    expect(await readdir(join(home, "sandboxes"))).toEqual([]);
  });

  it("runs kind on Docker, whatever the user's own kind runs on", async () => {
    const base = hostWith(kindLines, []);
    const seen: unknown[] = [];
    const exec: Exec = async (argv, options) => {
      seen.push(options?.env?.["KIND_EXPERIMENTAL_PROVIDER"]);
      return base.exec(argv, options);
    };
    const events = { note: () => undefined, onNodes: unreachable };
    await createCluster(
      { ...base, exec, env: { KIND_EXPERIMENTAL_PROVIDER: "podman" } },
      "labs-abc123-0w",
      topology,
      tools,
      events,
    );
    expect(seen).toEqual(["docker"]);
  });

  it("begins at the end where kind calls its steps otherwise", async () => {
    const journal: string[] = [];
    const onNodes = async (): Promise<number> => journal.push("begun");
    const rt = hostWith([" • Launching 🚀  ..."], journal);
    const { begun } = await createCluster(rt, "labs-abc123-0w", topology, tools, { note: () => undefined, onNodes });
    await begun;
    expect(journal).toEqual(["kind ended", "begun"]);
  });

  it("interrupts what was begun where kind fails, and nothing else", async () => {
    let begun: Runtime | undefined;
    const onNodes = async (rt: Runtime): Promise<void> => {
      begun = rt;
    };
    const events = { note: () => undefined, onNodes };
    await createCluster(hostWith(kindLines, []), "labs-abc123-0w", topology, tools, events);
    expect(begun?.signal.aborted).toBe(false);
    const rt = hostWith(kindLines, [], new Error("kubeadm failed"));
    await expect(createCluster(rt, "labs-abc123-0w", topology, tools, events)).rejects.toThrow("kubeadm failed");
    expect(begun?.signal.aborted).toBe(true);
    expect(rt.signal.aborted).toBe(false);
  });

  it("is not over before the nodes are there that an interrupted kind asked for", async () => {
    const stop = new AbortController();
    let looks = 0;
    const late = {
      ...docker,
      containers: async () => {
        looks += 1;
        return looks < 5 ? [] : [fakeContainer({ name: "labs-abc123-0w-control-plane" })];
      },
    };
    const base = hostWith(kindLines.slice(0, 1), []);
    const exec: Exec = async () => {
      stop.abort();
      throw interruptedError();
    };
    const rt = { ...base, exec, signal: stop.signal, docker: async () => late };
    const events = { note: () => undefined, onNodes: unreachable };
    await expect(createCluster(rt, "labs-abc123-0w", topology, tools, events)).rejects.toThrow("nterrupted");
    expect(looks).toBe(5);
  });

  it("ends kind at once where the cluster is out of reach, and says so", async () => {
    const base = hostWith(kindLines, []);
    const exec: Exec = async (_argv, { onLine, signal } = {}) => {
      for (const line of kindLines) onLine?.(line);
      return new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(interruptedError()));
      });
    };
    const error = outOfReach(base, "labs-abc123-0w", []);
    const events = { note: () => undefined, onNodes: async () => Promise.reject(error) };
    await expect(createCluster({ ...base, exec }, "labs-abc123-0w", topology, tools, events)).rejects.toBe(error);
  });

  it("gives kind's failure, not that of what was begun", async () => {
    const rt = hostWith(kindLines, [], new Error("kubeadm failed"));
    await expect(
      createCluster(rt, "labs-abc123-0w", topology, tools, { note: () => undefined, onNodes: unreachable }),
    ).rejects.toThrow("kubeadm failed");
  });
});
