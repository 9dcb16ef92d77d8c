import type { Need } from "./needs.ts";
import type { z } from "zod";

/** What a lab file has to know of a check type. */
export interface CheckWord {
  readonly name: string;
  readonly summary: string;
  readonly reads: readonly ("sandbox" | "record")[];
  readonly needs: readonly Need[];
  /** It must pass three times, 1 s apart. */
  readonly racy: boolean;
  /** Parameters without `type`. */
  readonly params: z.ZodType;
  /** Name of the parameter that lists nested checks. */
  readonly nested?: string;
}

/** What a lab file has to know of an action. */
export interface ActionWord {
  readonly name: string;
  readonly summary: string;
  readonly needs: readonly Need[];
  readonly params: z.ZodType;
  /** There for those that may stand in `do`. */
  readonly run?: unknown;
  /** There for those that may stand in `with`. */
  readonly accompany?: unknown;
}

/** The check types and actions that a lab file may use. */
export interface Vocabulary {
  readonly checks: readonly CheckWord[];
  readonly actions: readonly ActionWord[];
}
