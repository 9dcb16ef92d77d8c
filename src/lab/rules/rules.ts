import { clusterScoped } from "./cluster-scoped.ts";
import { completeTexts } from "./complete-texts.ts";
import { distinctObjects } from "./distinct-objects.ts";
import { fitsProvider } from "./fits-provider.ts";
import { fittingChecks } from "./fitting-checks.ts";
import { hintCommands } from "./hint-commands.ts";
import { knownAddons } from "./known-addons.ts";
import { knownActions } from "./known-actions.ts";
import { knownIds } from "./known-ids.ts";
import { knownImages } from "./known-images.ts";
import { knownKinds } from "./known-kinds.ts";
import { knownNames } from "./known-names.ts";
import { knownNamespaces } from "./known-namespaces.ts";
import { knownNodes } from "./known-nodes.ts";
import { knownValues } from "./known-values.ts";
import { manifestTraps } from "./manifest-traps.ts";
import { noSpoilers } from "./no-spoilers.ts";
import { provable } from "./provable.ts";
import type { Rule } from "./rule.ts";
import { uniqueIds } from "./unique-ids.ts";

/** What must hold for a lab to run at all; a breach keeps it from loading. */
export const loadRules: readonly Rule[] = [
  uniqueIds,
  knownIds,
  knownActions,
  knownAddons,
  knownValues,
  fitsProvider,
  fittingChecks,
  knownNamespaces,
  knownNodes,
  knownImages,
  distinctObjects,
];

/** What a finished lab has besides; `labs lint` and the tests of the library ask for it. */
export const lintRules: readonly Rule[] = [
  completeTexts,
  hintCommands,
  provable,
  noSpoilers,
  manifestTraps,
  clusterScoped,
  knownKinds,
  knownNames,
];
