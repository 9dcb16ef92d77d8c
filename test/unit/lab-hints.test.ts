import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { hint } from "../../src/commands/hint.ts";
import { solution } from "../../src/commands/solution.ts";
import type { Hint } from "../../src/lab/lab.ts";
import type { EventBody } from "../../src/session/events.ts";
import { nextHint } from "../../src/session/history.ts";
import { hintText } from "../../src/report/hint-text.ts";
import { logEvent, readEvents } from "../../src/session/event-log.ts";
import type { Session } from "../../src/session/session.ts";
import { takeLock } from "../../src/lib/lock.ts";
import { dockerProvider } from "../../src/sandbox/docker/provider.ts";
import { forgetSession, readSession, saveSession } from "../../src/session/store.ts";
import { dockerAgent, fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { labFolder } from "../fakes/lab-folder.ts";
import { fakeRuntime, fakeSink } from "../fakes/runtime.ts";
import { fakeSession } from "../fakes/session.ts";

const hints: Hint[] = [
  { level: "nudge", text: "a" },
  { level: "what", text: "b", when: "answers" },
  { level: "command", text: "c" },
];

const failed: EventBody = {
  type: "verified",
  solved: false,
  exitCode: 1,
  outcomes: [{ id: "answers", outcome: "fail" }],
  durationMs: 1,
};

describe("the next hint", () => {
  it.each<[string, number[], string[], number | undefined]>([
    ["is the first one", [], [], 0],
    ["is about what fails, before all others", [], ["answers"], 1],
    ["is no longer about what was told", [1], ["answers"], 0],
    ["is not about what does not fail", [0], ["kept"], 2],
    ["is none when all that apply were shown", [2, 0], [], undefined],
    ["comes back once its check fails", [2, 0], ["answers"], 1],
  ])("%s", (_what, shown, failing, place) => {
    expect(nextHint(hints, { shown, failing })).toBe(place);
  });
});

it("prints a hint with a command that asks our cluster", () => {
  const options = { columns: 30, kubeconfig: "/home/me/labs/kubeconfig" };
  const shown = hintText(
    { level: "where", text: "Look at the\nevents of one pod.", command: "kubectl get events" },
    options,
  );
  expect(shown).toBe(
    "where    Look at the events of\n         one pod.\n         $ kubectl --kubeconfig /home/me/labs/kubeconfig get events\n",
  );
});

describe("with a session", () => {
  let dir = "";

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "labs-hints-"));
    for (const [file, content] of labFolder().files) {
      const path = join(dir, "quiet-web", file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(
        path,
        content
          .toString("utf8")
          .replaceAll(", op: ", ", path: metadata.name, op: ")
          .replace("Look.", "'Look at ${nonce}.'"),
      );
    }
  });

  function runtime() {
    const base = fakeRuntime();
    const [out, err] = [fakeSink(), fakeSink()];
    return { out, err, rt: { ...base, out, err, paths: { ...base.paths, home: join(dir, "home") } } };
  }

  async function running(parts: Partial<Session> = {}): Promise<Session> {
    const lab = { id: "quiet-web", dir: join(dir, "quiet-web"), digest: "d" };
    const session = fakeSession({ lab, variant: "one", values: { nonce: "n0nce" }, ...parts });
    await saveSession(runtime().rt, session);
    return session;
  }

  it("gives one hint after the other, and all of them again", async () => {
    const session = await running();
    const texts: string[] = [];
    for (let i = 0; i < 4; i++) {
      const { rt, out, err } = runtime();
      await expect(hint(rt)).resolves.toBe(0);
      texts.push(out.text() + err.text());
    }
    expect(texts).toEqual([
      "nudge    Look at n0nce.\n",
      "where    Look there.\n",
      "command  Look so.\n         $ kubectl --kubeconfig /home/me/.local/state/labs/kubeconfig -n shop get pods\n",
      "There are no more hints. labs hint --all shows them again, labs verify what is missing.\n",
    ]);
    const { rt, out } = runtime();
    await logEvent(rt, session, failed);
    await hint(rt, { all: true, json: true });
    expect(JSON.parse(out.text())).toMatchObject({
      hints: [{ level: "nudge" }, { level: "where" }, { level: "command" }, { level: "what" }],
      more: true,
    });
    expect((await readEvents(rt, session)).filter(({ type }) => type === "hint")).toHaveLength(4);
  });

  it("finds a session whose state file was lost in its sandbox", async () => {
    const session = await running();
    const { rt, out, err } = runtime();
    await forgetSession(rt);
    const name = dockerProvider.nameFor(rt, { provider: "docker" });
    const labels = { "dev.labs.home": name.slice(5), "dev.labs.sandbox": name };
    const internal = { id: "n", name, labels, internal: true, subnet: undefined, gateway: undefined, containers: [] };
    const agent = fakeContainer({ ...dockerAgent, name: `${name}-agent`, networks: [name] });
    const label = gzipSync(JSON.stringify({ ...session, sandbox: { provider: "docker", name } })).toString("base64");
    const memory = fakeContainer({ name: `${name}-session`, labels: { "dev.labs.sandbox.session": label } });
    const docker = fakeDocker([agent, memory], {
      containers: async () => [],
      networks: async () => [internal],
      network: async () => internal,
      exec: async () => ({ exitCode: 0, stdout: '{"status":200,"body":"","error":"","kind":"ok"}', stderr: "" }),
    });
    await expect(hint({ ...rt, docker: async () => docker })).resolves.toBe(0);
    expect(out.text()).toBe("nudge    Look at n0nce.\n");
    expect(err.text()).toBe(`The state file was lost; it was rebuilt from ${name}.\n`);
    await expect(readSession(rt)).resolves.toMatchObject({ id: session.id });
    await expect(readEvents(rt, session)).resolves.toMatchObject([{ type: "hint", hint: 0, level: "nudge" }]);
  });

  it("writes nothing while another command is at work", async () => {
    const session = await running();
    const { rt } = runtime();
    const taken = await takeLock(join(rt.paths.home, "lock"), { pid: process.pid, what: "verify" });
    if ("owner" in taken) throw new Error("the lock is not free");
    await expect(hint(rt)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("labs verify is at"),
    });
    await expect(solution(rt, { giveUp: true })).rejects.toMatchObject({ exitCode: 3 });
    await expect(readEvents(rt, session)).resolves.toEqual([]);
    await taken.release();
    await expect(hint(rt)).resolves.toBe(0);
  });

  it("reads events around a line that was cut short", async () => {
    const session = await running();
    const { rt } = runtime();
    await logEvent(rt, session, { type: "hint", hint: 0 });
    const file = join(rt.paths.home, "sessions", session.id, "events.jsonl");
    await writeFile(file, `${await readFile(file, "utf8")}{"type":"hi`);
    await expect(readEvents(rt, session)).resolves.toMatchObject([{ type: "hint", hint: 0 }]);
    await expect(readEvents(rt, { id: "other" })).resolves.toEqual([]);
  });

  it("keeps the solution until the lab is solved", async () => {
    const session = await running();
    const { rt, out } = runtime();
    await expect(solution(rt)).rejects.toMatchObject({ exitCode: 1, cure: expect.stringContaining("--give-up") });
    expect(out.text()).toBe("");
    await expect(readEvents(rt, session)).resolves.toEqual([]);
  });

  it("shows it to who gives up, and remembers that", async () => {
    const session = await running();
    const { rt, out } = runtime();
    await expect(solution(rt, { giveUp: true })).resolves.toBe(0);
    expect(out.text()).toBe(
      "# What it was\n\nRepairs that are known to work; others may be as right:\n\nagain:\n\n    kubectl apply -f base\n",
    );
    await expect(readEvents(rt, session)).resolves.toMatchObject([{ type: "gave-up" }]);
    await expect(solution(rt)).resolves.toBe(0);
  });

  it("shows it to who has solved it, without calling that giving up", async () => {
    const session = await running();
    const { rt, out } = runtime();
    await logEvent(rt, session, { type: "verified", solved: true, exitCode: 0, outcomes: [], durationMs: 1 });
    await solution(rt, { giveUp: true, json: true });
    expect(JSON.parse(out.text())).toMatchObject({ lab: "quiet-web", fixes: [{ name: "again" }] });
    await expect(readEvents(rt, session)).resolves.toMatchObject([{ type: "verified" }]);
  });
});

it("needs a running lab", async () => {
  const docker = fakeDocker([], { containers: async () => [], networks: async () => [] });
  const base = fakeRuntime({ docker: async () => docker });
  const rt = { ...base, paths: { ...base.paths, home: await mkdtemp(join(tmpdir(), "labs-none-")) } };
  await expect(hint(rt)).rejects.toMatchObject({ exitCode: 4 });
  await expect(solution(rt)).rejects.toMatchObject({ exitCode: 4 });
});
