import type { Sink } from "../../src/lib/sink.ts";
import type { Runtime } from "../../src/runtime.ts";
import { fakeClock } from "./clock.ts";

/** A sink that keeps what was written. */
export function fakeSink(parts: Partial<Sink> = {}): Sink & { readonly text: () => string } {
  let text = "";
  return {
    isTTY: false,
    columns: 80,
    write: (more) => {
      text += more;
    },
    ...parts,
    text: () => text,
  };
}

/** A host where nothing can be run, asked or reached unless the test gives it. */
export function fakeRuntime(parts: Partial<Runtime> = {}): Runtime {
  return {
    exec: async (argv) => {
      throw new Error(`unexpected program ${argv.join(" ")}`);
    },
    clock: fakeClock(),
    out: fakeSink(),
    err: fakeSink(),
    ask: async (question) => {
      throw new Error(`unexpected question ${question}`);
    },
    env: {},
    cwd: "/home/me",
    paths: {
      home: "/home/me/.local/state/labs",
      data: "/home/me/.local/share/labs",
      library: "/opt/labs/labs",
      manifests: "/opt/labs/manifests",
      goApp: "/opt/labs/go-app",
      engine: "/opt/labs/dist/engine.json",
      kubeconfig: "/home/me/.local/state/labs/kubeconfig",
    },
    signal: new AbortController().signal,
    program: "labs",
    version: "1.2.3",
    host: { platform: "linux", arch: "x64", uid: 1000, pid: 1 },
    terminal: false,
    docker: async () => {
      throw new Error("unexpected use of the Docker engine");
    },
    kube: async (kubeconfig) => {
      throw new Error(`unexpected use of the cluster of ${kubeconfig}`);
    },
    ...parts,
  };
}
