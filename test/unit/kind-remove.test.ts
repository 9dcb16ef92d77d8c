import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DockerError } from "../../src/docker/docker-error.ts";
import type { ContainerState, Docker } from "../../src/docker/docker.ts";
import type { Runtime } from "../../src/runtime.ts";
import { homeId } from "../../src/sandbox/home-id.ts";
import { clusterName } from "../../src/sandbox/kind/cluster-name.ts";
import { createKindProvider } from "../../src/sandbox/kind/provider.ts";
import { saveSession } from "../../src/session/store.ts";
import { fakeContainer } from "../fakes/docker.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeSession } from "../fakes/session.ts";
import { strict } from "../fakes/strict.ts";

const name = "labs-abc123-1w";
const version = async () => ({
  version: "20.10",
  apiVersion: "1.41",
  cgroupVersion: "1" as const,
  cpus: 2,
  memoryBytes: 8e9,
});
const provider = createKindProvider(async () => {
  throw new Error("unexpected look for tools");
});
let home: string;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "labs-remove-"));
});
afterEach(() => rm(home, { recursive: true }));

function runtime(docker: Docker): Runtime {
  const rt = fakeRuntime({ docker: async () => docker });
  return { ...rt, paths: { ...rt.paths, home, kubeconfig: path.join(home, "kubeconfig") } };
}

it("removes a half-made cluster: nodes, what was started on its network, network, files", async () => {
  await mkdir(path.join(home, "sandboxes"));
  await writeFile(path.join(home, "sandboxes", `${name}.json`), "{}");
  await writeFile(path.join(home, "sandboxes", `${name}-123.kubeconfig`), "");
  await writeFile(path.join(home, "sandboxes", "labs-abc123-0w.json"), "{}");
  await writeFile(path.join(home, "kubeconfig"), `current-context: kind-${name}\n`);
  const quiet: string[] = [];
  const removed: string[] = [];
  const disconnected: string[] = [];
  let busy = 2;
  const docker = strict<Docker>("docker", {
    version,
    exec: async (one) => {
      quiet.push(one, ...removed);
      return { exitCode: 0, stdout: "", stderr: "" };
    },
    containers: async ({ label, network }) => {
      if (label === `io.x-k8s.kind.cluster=${name}`) return [fakeContainer({ name: `${name}-control-plane` })];
      if (network !== name) throw new Error("unexpected filter");
      return [
        fakeContainer({ name: "guest", raw: { HostConfig: { NetworkMode: name } } }),
        // Joined the network later: the learner's own, or the container that this program runs in.
        fakeContainer({ name: "workshop", raw: { HostConfig: { NetworkMode: "bridge" } } }),
        fakeContainer({ name: `${name}-control-plane` }),
      ];
    },
    network: async () => ({
      id: "0123456789abcdef",
      name,
      labels: {},
      internal: false,
      subnet: undefined,
      gateway: undefined,
      containers: [],
    }),
    disconnect: async (from, one) => disconnected.push(`${from} ${one}`) > 0,
    remove: async (one) => {
      removed.push(one);
      return true;
    },
    removeNetwork: async () => {
      busy -= 1;
      if (busy > 0) throw new DockerError("network has active endpoints", { status: 403 });
      return true;
    },
  });
  expect(await provider.remove(runtime(docker), name)).toBe(true);
  // Nothing was removed yet when the node was asked to come to rest.
  expect(quiet).toEqual([`${name}-control-plane`]);
  expect(removed.sort()).toEqual(["guest", `${name}-control-plane`]);
  expect(disconnected).toEqual([`${name} id-of-workshop`]);
  expect(await readdir(home)).toEqual(["sandboxes"]);
  expect(await readdir(path.join(home, "sandboxes"))).toEqual(["labs-abc123-0w.json"]);
});

it("removes a node that does not come to rest, and asks only where killing it at work is a risk", async () => {
  const asked: string[] = [];
  const removed: string[] = [];
  const docker = (cgroupVersion: "1" | "2") =>
    strict<Docker>("docker", {
      containers: async ({ network }) => (network === undefined ? [fakeContainer({ name: "n" })] : []),
      version: async () => ({ ...(await version()), cgroupVersion }),
      exec: async () => {
        asked.push(cgroupVersion);
        throw new Error("no answer");
      },
      remove: async () => removed.push(cgroupVersion) > 0,
      removeNetwork: async () => true,
    });
  expect(await provider.remove(runtime(docker("1")), name)).toBe(true);
  expect(await provider.remove(runtime(docker("2")), name)).toBe(true);
  expect(asked).toEqual(["1"]);
  expect(removed).toEqual(["1", "2"]);
});

it("leaves the kubeconfig of another cluster alone, and says when there was nothing", async () => {
  await writeFile(path.join(home, "kubeconfig"), "current-context: kind-labs-abc123-0w\n");
  const docker = strict<Docker>("docker", { containers: async () => [], removeNetwork: async () => false });
  expect(await provider.remove(runtime(docker), name)).toBe(false);
  expect(await readdir(home)).toEqual(["kubeconfig"]);
});

const node = (cluster: string) =>
  fakeContainer({ name: `${cluster}-control-plane`, labels: { "io.x-k8s.kind.cluster": cluster } });
const network = (one: string) => ({
  id: "1",
  name: one,
  labels: {},
  internal: false,
  subnet: undefined,
  gateway: undefined,
  containers: [],
});

it("lists only clusters of our names, those of version 0.1 too, and of this home where asked", async () => {
  const present = clusterName(runtime(strict<Docker>("docker", {})), { provider: "kind", workers: 3, fresh: false });
  const ofBefore = present.replace(/-[0-9a-f]{6}$/, "-1w");
  const docker = strict<Docker>("docker", {
    containers: async () => [node("labs-abc123-1w"), node(present), node(ofBefore), node("kind"), node("labs-work")],
    networks: async () => [network("labs-abc123"), network("labs-fff000-2w")],
  });
  const rt = runtime(docker);
  expect(await provider.list(rt, "all")).toEqual(["labs-abc123-1w", "labs-fff000-2w", present, ofBefore].sort());
  expect(await provider.list(rt, "home")).toEqual([present, ofBefore].sort());
});

/** A name of a cluster of this home. */
function own(ending: string): string {
  return `labs-${homeId({ paths: { home } })}-${ending}`;
}

/** A home with these clusters, each of one node in that state; what was paused and removed, in order. */
function homeWith(statuses: Readonly<Record<string, ContainerState["status"]>>, pause?: Docker["pause"]) {
  const did: string[] = [];
  const nodes = Object.entries(statuses).map(([cluster, status]) => ({ ...node(cluster), status }));
  const docker = strict<Docker>("docker", {
    containers: async (filter) =>
      nodes.filter(({ labels }) => {
        const wanted = filter?.label?.split("=")[1];
        return filter?.network === undefined && (wanted === undefined || Object.values(labels).includes(wanted));
      }),
    networks: async () => [],
    pause: pause ?? (async (one) => void did.push(`pause ${one}`)),
    remove: async (one) => did.push(`remove ${one}`) > 0,
    removeNetwork: async () => true,
    version: async () => ({ ...(await version()), cgroupVersion: "2" }),
  });
  return { rt: runtime(docker), did };
}

it("keeps one idle cluster of a home, and removes none that runs or that a session uses", async () => {
  const [last, parked, ofBefore, stopped, running, used] = ["aaaaaa", "bbbbbb", "1w", "cccccc", "dddddd", "2w"].map(
    own,
  );
  const { rt, did } = homeWith({
    [last ?? ""]: "running",
    [parked ?? ""]: "paused",
    [ofBefore ?? ""]: "paused",
    [stopped ?? ""]: "exited",
    [running ?? ""]: "running",
    [used ?? ""]: "paused",
    "labs-000000-eeeeee": "paused",
  });
  await saveSession(rt, fakeSession({ sandbox: { provider: "kind", name: used ?? "" } }));
  const notes: string[] = [];
  expect(await provider.park(rt, last ?? "", (text) => notes.push(text))).toBe(true);
  const gone = [ofBefore, parked, stopped];
  expect(did).toEqual([`pause ${last}-control-plane`, ...gone.map((one) => `remove ${one}-control-plane`)]);
  expect(notes).toEqual(gone.map((one) => `removing cluster ${one}: one idle cluster is kept`));
});

it("keeps the other one where the cluster to park cannot be paused, and where the session is not known", async () => {
  const [last = "", parked = ""] = ["aaaaaa", "bbbbbb"].map(own);
  const states = { [last]: "running", [parked]: "paused" } as const;
  const busy = homeWith(states, () => Promise.reject(new DockerError("cannot freeze", { status: 500 })));
  expect(await provider.park(busy.rt, last, () => undefined)).toBe(false);
  expect(busy.did).toEqual([`remove ${last}-control-plane`]);
  await writeFile(path.join(home, "session.json"), "{");
  const { rt, did } = homeWith(states);
  expect(await provider.park(rt, last, () => undefined)).toBe(true);
  expect(did).toEqual([`pause ${last}-control-plane`]);
});
