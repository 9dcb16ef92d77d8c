import { z } from "zod";

const outcome = z.enum(["pass", "fail", "error", "not run"]);

/** What a verify found out about one check. */
const checkResult = z.object({
  id: z.string(),
  title: z.string(),
  role: z.enum(["symptom", "guard", "objective"]),
  outcome,
  expected: z.string(),
  observed: z.string(),
  lookAt: z.exactOptional(z.string()),
  /** Experiment it belongs to. */
  experiment: z.exactOptional(z.string()),
  durationMs: z.number(),
  attempts: z.number(),
});

const named = z.object({ id: z.string(), title: z.string(), experiment: z.exactOptional(z.string()) });

/** Every kind of event with what it says; times in milliseconds. */
const kinds = [
  // Start, reset and stop.
  z.object({
    type: z.literal("step"),
    flow: z.enum(["start", "reset", "stop"]),
    step: z.string(),
    state: z.enum(["begun", "ended", "skipped", "failed"]),
    ms: z.exactOptional(z.number()),
  }),
  /** A lab was handed over, by start or by reset. */
  z.object({ type: z.literal("started"), variant: z.string() }),
  /** The learner's files were put aside here. */
  z.object({ type: z.literal("kept"), path: z.string() }),
  z.object({ type: z.literal("reset") }),
  z.object({
    type: z.literal("stopped"),
    cleaned: z.array(z.string()),
    sandbox: z.string(),
    kept: z.exactOptional(z.string()),
  }),
  // What the learner asked for.
  z.object({ type: z.literal("hint"), hint: z.int(), level: z.exactOptional(z.string()) }),
  z.object({ type: z.literal("gave-up") }),
  // Verify, from its beginning to its verdict.
  z.object({ type: z.literal("verify-started"), checks: z.array(named) }),
  z.object({ type: z.literal("check-started"), ...named.shape }),
  /** What one look saw that was not enough yet. */
  z.object({ type: z.literal("check-looked"), id: z.string(), text: z.string() }),
  z.object({ type: z.literal("check-ended"), result: checkResult }),
  z.object({ type: z.literal("experiment-started"), experiment: z.string() }),
  z.object({ type: z.literal("experiment-progress"), experiment: z.string(), text: z.string() }),
  /** One of its actions is over. */
  z.object({
    type: z.literal("experiment-step"),
    experiment: z.string(),
    action: z.string(),
    finished: z.boolean(),
    detail: z.string(),
    ms: z.number(),
  }),
  /** One part of it is over: waiting for the workload, the actions, what goes on after them, the control. */
  z.object({
    type: z.literal("experiment-window"),
    experiment: z.string(),
    window: z.enum(["settle", "actions", "after", "control"]),
    ms: z.number(),
  }),
  z.object({ type: z.literal("experiment-ended"), experiment: z.string(), ms: z.number() }),
  z.object({
    type: z.literal("verified"),
    solved: z.boolean(),
    exitCode: z.int(),
    outcomes: z.array(z.object({ id: z.string(), outcome })),
    durationMs: z.number(),
  }),
  /** What an interrupted experiment had left open was undone; in the past tense. */
  z.object({ type: z.literal("undone"), sentences: z.array(z.string()) }),
] as const;

const body = z.discriminatedUnion("type", kinds);

/** Version 0.1 wrote neither the lab nor its own version; "" and "0.1" stand for them. */
const head = z.object({
  v: z.literal(1),
  /** ISO 8601. */
  at: z.string(),
  /** Version of the program that wrote it. */
  program: z.string().default("0.1"),
  lab: z.string().default(""),
});

/** What happened to a session, without when and to which lab. */
export type EventBody = z.infer<typeof body>;

/** One kind of event, or several, by its name. */
export type EventOf<Type extends EventBody["type"]> = Extract<EventBody, { readonly type: Type }>;

/** One line of a session's events.jsonl. */
export type SessionEvent = z.infer<typeof head> & EventBody;

/** One event as a line, with what its kind says and nothing else. */
export function eventLine(about: z.infer<typeof head>, event: EventBody): string {
  return `${JSON.stringify({ ...about, ...body.parse(event) })}\n`;
}

/** The event of a line. Undefined for a line that a crash cut short, and for a kind that this version does not know. */
export function parseEvent(line: string): SessionEvent | undefined {
  let said: unknown;
  try {
    said = JSON.parse(line);
  } catch {
    return undefined;
  }
  const about = head.safeParse(said);
  const what = body.safeParse(said);
  return about.success && what.success ? { ...about.data, ...what.data } : undefined;
}
