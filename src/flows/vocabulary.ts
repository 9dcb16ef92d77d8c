import { checkTypes } from "../checks/registry.ts";
import { actionTypes } from "../experiments/registry.ts";
import type { Vocabulary } from "../lab/vocabulary.ts";

/** All that this program knows. */
export const vocabulary: Vocabulary = { checks: checkTypes, actions: actionTypes };
