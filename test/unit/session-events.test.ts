import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { eventsFile, followEvents, logEvent, readEvents } from "../../src/session/event-log.ts";
import { type EventBody, type SessionEvent, parseEvent } from "../../src/session/events.ts";
import { historyOf } from "../../src/session/history.ts";
import { runtimeAtHome } from "../fakes/scene.ts";
import { fakeSession } from "../fakes/session.ts";

const session = fakeSession();
const head = { v: 1, at: "2026-01-01T00:00:00.000Z", program: "1.2.3", lab: "probes-storm" } as const;
const event = (body: EventBody): SessionEvent => ({ ...head, ...body });
const started = event({ type: "started", variant: "main" });
const hint = (place: number) => event({ type: "hint", hint: place });

function verified(id: string, outcome: "pass" | "fail" | "error", solved = false): SessionEvent {
  return event({ type: "verified", solved, exitCode: solved ? 0 : 1, outcomes: [{ id, outcome }], durationMs: 1 });
}

describe("events of a session", () => {
  it("are lines with lab, version and time; a torn line loses only itself", async () => {
    const { rt } = await runtimeAtHome();
    expect(await readEvents(rt, session)).toEqual([]);
    await logEvent(rt, session, { type: "started", variant: "main" });
    await appendFile(eventsFile(rt, session), '{"v":1,"ty');
    await logEvent(rt, session, { type: "gave-up" });
    await logEvent(rt, fakeSession({ id: "s2" }), { type: "reset" });
    expect(await readEvents(rt, session)).toEqual([started, event({ type: "gave-up" })]);
  });

  it("are written in the order of the calls, with no more than their kind says", async () => {
    const { rt } = await runtimeAtHome();
    const result = { id: "kept", title: "Kept", role: "guard", outcome: "pass", expected: "", observed: "" } as const;
    const seen = { ...result, durationMs: 1, attempts: 1, data: { huge: true } };
    await Promise.all([
      ...Array.from({ length: 30 }, (_, at) => logEvent(rt, session, { type: "hint", hint: at })),
      logEvent(rt, session, { type: "check-ended", result: seen }),
    ]);
    const lines = (await readFile(eventsFile(rt, session), "utf8")).split("\n");
    expect(lines).toHaveLength(32);
    expect(lines.slice(0, 30).map((line) => JSON.parse(line).hint)).toEqual(Array.from({ length: 30 }, (_, at) => at));
    expect(lines[30]).not.toContain("huge");
  });

  it("of version 0.1 are read, and kinds that nobody knows yet are passed over", () => {
    expect(parseEvent('{"v":1,"at":"t","type":"started","lab":"pdb","variant":"percent"}')).toEqual({
      v: 1,
      at: "t",
      program: "0.1",
      lab: "pdb",
      type: "started",
      variant: "percent",
    });
    expect(parseEvent('{"v":1,"at":"t","type":"hint","hint":2,"level":"what"}')).toMatchObject({ hint: 2, lab: "" });
    expect(parseEvent('{"v":1,"at":"t","type":"gave-up","later":"field"}')).not.toHaveProperty("later");
    expect(parseEvent('{"v":1,"at":"t","type":"from-the-future"}')).toBeUndefined();
    expect(parseEvent('{"v":2,"at":"t","type":"gave-up"}')).toBeUndefined();
  });
});

describe("what a session's events add up to", () => {
  it("is the last verify's failures, each hint once, and how many were asked for", () => {
    const events = [verified("kept", "fail"), hint(1), hint(1), verified("answers", "error"), started];
    expect(historyOf(events)).toMatchObject({ shown: [1], hintsShown: 2, failing: [] });
    expect(historyOf([...events, verified("answers", "fail")]).failing).toEqual(["answers"]);
  });

  it("is solved from the first verify that says so until it is broken again", () => {
    const solved = [started, verified("a", "fail"), verified("a", "pass", true), verified("a", "fail")];
    expect(historyOf(solved.slice(0, 2)).solved).toBe(false);
    expect(historyOf(solved).solved).toBe(true);
    expect(historyOf([...solved, event({ type: "reset" })]).solved).toBe(false);
    expect(historyOf([...solved, event({ type: "gave-up" })])).toMatchObject({ solved: true, gaveUp: true });
    expect(historyOf([])).toMatchObject({ solved: false, gaveUp: false, hintsShown: 0 });
  });
});

describe("following a file of events", { timeout: 60_000 }, () => {
  it("brings what is there, then what comes, and ends when it is told to", async () => {
    const { rt } = await runtimeAtHome();
    const file = eventsFile(rt, session);
    const control = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const one of followEvents(file, control.signal)) {
        seen.push(one.type);
        if (one.type === "stopped") control.abort();
      }
    })();
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(started)}\n`);
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual(["started"]);
    // Half a line, in the middle of a character too; its end comes later.
    const line = Buffer.from(`${JSON.stringify({ ...head, type: "check-looked", id: "a", text: "läuft nicht" })}\n`);
    const cut = line.indexOf("ä") + 1;
    await appendFile(file, line.subarray(0, cut));
    await setTimeout(300);
    expect(seen).toEqual(["started"]);
    await appendFile(file, line.subarray(cut));
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual(["started", "check-looked"]);
    // One that never gets its end.
    await appendFile(file, '{"v":1,"ty');
    await logEvent(rt, session, { type: "stopped", cleaned: [], sandbox: "removed" });
    await following;
    expect(seen).toEqual(["started", "check-looked", "stopped"]);
  });
});
