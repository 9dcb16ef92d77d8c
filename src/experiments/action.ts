import type { z } from "zod";
import type { CheckContext } from "../checks/check.ts";
import type { ActionSpec } from "../lab/lab.ts";
import type { Need } from "../lab/needs.ts";
import type { LoadResult } from "../sandbox/agent/load-agent.ts";
import type { OpenEntry } from "../session/session.ts";
import type { ActionRecord, CpuWindow } from "../system/record.ts";
import { environmentError } from "../lib/errors.ts";
import { lackOf } from "../sandbox/capabilities.ts";

/** Where changes that do not end by themselves are written before they are made. */
export interface Journal {
  /** Saves the entry into the session; the returned function undoes it and takes it off. */
  open(entry: Omit<OpenEntry, "id">): Promise<() => Promise<void>>;
}

/** Everything an action may use. */
export interface ActionContext extends Omit<CheckContext, "record"> {
  readonly journal: Journal;
  /** Targets that did not settle before an earlier experiment of the same verify: `settle` waits less for them. */
  readonly unsettled?: Set<string>;
  /** Live progress: "dependency down, 12/30 s". */
  readonly progress: (text: string) => void;
}

/** What an action reports; the engine adds name and times. */
export type ActionOutcome = Pick<ActionRecord, "finished" | "detail"> &
  Partial<Pick<ActionRecord, "targets" | "data">> & {
    /** Load results for the record, by name. */
    readonly traffic?: Readonly<Record<string, LoadResult>>;
    readonly cpu?: readonly CpuWindow[];
    /** It could not be done for what is in the sandbox, which is the learner's: `detail` says what. */
    readonly refused?: boolean;
  };

/** What an experiment cannot do without was refused for what the learner left in the sandbox: its objectives fail with the message. */
export class RefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "RefusedError";
  }
}

/** A running `with` action: `steady` resolves once it runs evenly, `end` stops it and returns its part of the record. */
export interface Companion {
  /** It goes on for so long after `do`: what comes late, a connection that dies or a pod that leaves, is seen too. */
  readonly afterMs?: number;
  steady(): Promise<void>;
  end(): Promise<ActionOutcome>;
}

/**
 * An action: one file, one line in the registry. `needs`: what the sandbox must have, all of it. `run` for `do`; `accompany` for `with`. What
 * can expire is started with its own end; what cannot goes through the journal first.
 */
export interface ActionType<Params = never> {
  readonly name: string;
  readonly summary: string;
  readonly needs: readonly Need[];
  readonly params: z.ZodType<Params>;
  /** It measures time or CPU: its experiment holds the machine-wide lock. */
  readonly measures?: boolean;
  run?(params: Params, context: ActionContext): Promise<ActionOutcome>;
  accompany?(params: Params, context: ActionContext): Promise<Companion>;
}

/** Ties an action's parameters to its schema. */
export function defineAction<Params>(type: ActionType<Params>): ActionType<Params> {
  return type;
}

/** An action among others: what `params` parses is what `run` and `accompany` take, whatever that is. */
export type AnyActionType = ActionType<unknown>;

/** Throws an error of the environment where the sandbox lacks what an action needs. */
function requireNeeds({ name, needs }: AnyActionType, { sandbox }: ActionContext): void {
  const lack = lackOf(name, needs, sandbox);
  if (lack !== undefined) throw environmentError(lack);
}

/** Parses an action's parameters and runs it as a step of `do`. */
export async function runActionType(
  type: AnyActionType,
  spec: ActionSpec,
  context: ActionContext,
): Promise<ActionOutcome> {
  if (type.run === undefined) throw new Error(`action ${type.name} cannot stand in "do"`);
  requireNeeds(type, context);
  return type.run(type.params.parse(spec.params), context);
}

/** Parses an action's parameters and starts it beside `do`. */
export async function accompanyActionType(
  type: AnyActionType,
  spec: ActionSpec,
  context: ActionContext,
): Promise<Companion> {
  if (type.accompany === undefined) throw new Error(`action ${type.name} cannot stand in "with"`);
  requireNeeds(type, context);
  return type.accompany(type.params.parse(spec.params), context);
}
