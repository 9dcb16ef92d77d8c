import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createExec } from "../../src/lib/exec.ts";
import type { ActionContext } from "../../src/experiments/action.ts";
import { createJournal } from "../../src/experiments/journal.ts";
import { runExperiment } from "../../src/experiments/run.ts";
import { undoEntry } from "../../src/experiments/undo/undo.ts";
import type { LabContainer } from "../../src/lab/lab.ts";
import { buildContainer } from "../../src/sandbox/docker/build-container.ts";
import { layContainers } from "../../src/sandbox/docker/containers.ts";
import { dockerProvider } from "../../src/sandbox/docker/provider.ts";
import { sandboxFilter } from "../../src/sandbox/docker/sandbox-name.ts";
import type { DockerSandbox } from "../../src/sandbox/sandbox.ts";
import type { Session } from "../../src/session/session.ts";
import { layWorkspace, workspaceDir } from "../../src/session/workspace.ts";
import { goAppImage } from "../../src/images/versions.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { fakeExperiment, fakeLab } from "../fakes/lab.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeSession } from "../fakes/session.ts";
import { describeDocker, docker } from "./docker-engine.ts";

const home = await mkdtemp(join(tmpdir(), "labs-build-"));
const rt = fakeRuntime({
  clock: systemClock,
  exec: createExec(process.env, new AbortController().signal),
  docker: async () => docker,
  paths: { ...fakeRuntime().paths, home, data: home },
  host: { ...fakeRuntime().host, pid: process.pid },
});
const name = dockerProvider.nameFor(rt, { provider: "docker" });
const token = randomBytes(8).toString("hex");
const web: LabContainer = {
  name: "web",
  part: "base",
  image: `${name}-web`,
  build: "workspace",
  env: { ADMIN_TOKEN: token },
  args: [],
};
const dockerfile = `FROM ${goAppImage} AS program\nENV STAGE=1\nFROM scratch\nCOPY --from=program /app /app\nUSER 65532\n`;
const env = { ADMIN_TOKEN: token, PORT: "9000" };

describeDocker("what is built from a workspace", () => {
  let sandbox: DockerSandbox;
  let session: Session = fakeSession({ values: { token }, sandbox: { provider: "docker", name } });

  async function experiment(text: string) {
    await writeFile(join(workspaceDir(rt), "Dockerfile"), text);
    const journal = createJournal({
      update: async (change) => void (session = change(session)),
      undo: (entry) => undoEntry(entry, sandbox),
    });
    const context: ActionContext = {
      rt,
      lab: fakeLab({ topology: { provider: "docker" }, namespaces: [], containers: [web] }),
      session,
      sandbox,
      namespace: "",
      evaluate: () => Promise.reject(new Error("no checks here")),
      journal,
      progress: () => undefined,
    };
    const answers = [{ path: "/nonce?v=1", body: "^[0-9a-f]{64}$" }];
    const ends = { request: "/slow?ms=2500", latecomer: "1s", timeout: "5s" };
    const busy = { name: "busy", built: "web", env, port: 9000, answers, ...ends };
    const steps = [
      { name: "build", params: { container: "web" } },
      { name: "unpack", params: { built: "web", beside: goAppImage } },
      { name: "run", params: { name: "asked", built: "web", args: ["version"], within: "10s" } },
      { name: "lifecycle", params: busy },
    ];
    const record = await runExperiment(fakeExperiment("delivery", [], { do: steps }), context);
    return record.actions;
  }

  beforeAll(async () => {
    ({ sandbox } = await dockerProvider.prepare(rt, { provider: "docker" }, () => undefined));
    await layWorkspace(rt, new Map([["Dockerfile", Buffer.from(`${dockerfile}ENTRYPOINT [ "/app" ]\n`)]]));
  }, 60_000);

  afterAll(async () => {
    await dockerProvider.remove(rt, name);
    await rm(home, { recursive: true, force: true });
  }, 60_000);

  it("is a container of the lab", async () => {
    const place = sandbox;
    const [made] = await layContainers(place, [web], (container) => buildContainer(rt, place, container));
    expect(made).toMatchObject({ status: "running", image: `${name}-web`, entrypoint: ["/app"] });
  }, 60_000);

  it("answers what is in flight, when it is told to stop", async () => {
    const [built, unpacked, asked, busy] = await experiment(`${dockerfile}ENTRYPOINT [ "/app" ]\n`);
    expect(built).toMatchObject({ finished: true });
    expect(unpacked).toMatchObject({ finished: true, data: { user: "65532", setuid: [] } });
    expect(unpacked?.data["files"]).toContain("app");
    expect(asked).toMatchObject({ finished: true, data: { exitCode: 0, output: "v1\n" } });
    expect(busy).toMatchObject({ finished: true, data: { exitCode: 0, answered: true, latecomerAnswered: false } });
    expect(String(busy?.data["output"])).toContain("shutdown complete");
  }, 60_000);

  it("may have no program that can be started", async () => {
    const [built, , asked, busy] = await experiment(`${dockerfile}ENTRYPOINT [ "/nothing" ]\n`);
    expect(built).toMatchObject({ finished: true });
    expect(asked?.detail).toContain("it could not be started");
    expect(busy?.detail).toContain("it could not be started");
  }, 60_000);

  it("may name a user whom it does not know", async () => {
    const [built, , asked, busy] = await experiment(`${dockerfile}USER nobody\nENTRYPOINT [ "/app" ]\n`);
    expect(built).toMatchObject({ finished: true });
    expect(asked?.detail).toContain("it could not be started");
    expect(busy?.detail).toContain("it could not be started");
  }, 60_000);

  it("goes with the sandbox, stages and all", async () => {
    expect(session.open).toEqual([]);
    await dockerProvider.remove(rt, name);
    expect(await docker.images({ label: sandboxFilter(name) })).toEqual([]);
    expect(await docker.images({ reference: `${name}-*` })).toEqual([]);
  }, 60_000);
});
