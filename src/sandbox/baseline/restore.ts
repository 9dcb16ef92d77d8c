import { KubeError } from "../../kube/kube-error.ts";
import type { Kube } from "../../kube/kube.ts";
import { poll } from "../../lib/poll.ts";
import type { Runtime } from "../../runtime.ts";
import type { Baseline, BaselineEntry, Difference } from "./baseline.ts";
import { captureBaseline } from "./capture.ts";
import { compareBaseline, isEmpty } from "./compare.ts";
import { describeChange, nameOf } from "./describe.ts";
import { removeNamespaces } from "./remove-namespaces.ts";
import { recreateDeletion, removeAddition, revertChange } from "./repair.ts";
import { restartReaders } from "./restart-readers.ts";

/** What restoring did: a sentence for each thing put right, and what would not hold. */
export interface Restored {
  readonly cleaned: string[];
  /** False: only a new cluster is clean; `left` says why. */
  readonly held: boolean;
  readonly left: string[];
}

/** What nobody needs to be told of when it goes. */
type Silent = (entry: BaselineEntry) => boolean;

const HOLDS_WITHIN_MS = 10_000;
const VOLUMES_WITHIN_MS = 8000;

// A dead webhook refuses other repairs, and a dead APIService keeps every namespace from going: first of all.
const blockers = /Webhook|AdmissionPolicy|^APIService$/;
// Quotas and limits refuse pods that must come back; the kinds of a CRD go with it.
const rank = ({ kind }: BaselineEntry): number => (blockers.test(kind) ? 0 : kind === "Namespace" ? 2 : 1);

/** Volumes of namespaces that went, and the pods that wipe them, go by themselves. */
function isPassing({ kind, name, namespace, fields }: BaselineEntry): boolean {
  const { spec } = fields;
  const policy =
    typeof spec === "object" && spec !== null && "persistentVolumeReclaimPolicy" in spec
      ? spec.persistentVolumeReclaimPolicy
      : undefined;
  if (kind === "PersistentVolume") return policy === "Delete";
  return namespace === "local-path-storage" && name.startsWith("helper-pod-");
}

async function all<T>(
  items: readonly T[],
  name: (item: T) => string,
  repair: (item: T) => Promise<string[]>,
): Promise<{ cleaned: string[]; failed: string[] }> {
  const results = await Promise.all(
    items.map(async (item) => {
      try {
        return { cleaned: await repair(item), failed: [] };
      } catch (error) {
        if (!(error instanceof KubeError) || error.unreachable) throw error;
        return { cleaned: [], failed: [`${name(item)}: ${error.message}`] };
      }
    }),
  );
  return { cleaned: results.flatMap((one) => one.cleaned), failed: results.flatMap((one) => one.failed) };
}

async function remove(kube: Kube, entry: BaselineEntry, silent: Silent): Promise<string[]> {
  const sentences = await removeAddition(kube, entry);
  return silent(entry) ? [] : sentences;
}

/** One pass over a difference, in an order in which no repair waits for a later one. */
async function repairAll(rt: Runtime, kube: Kube, difference: Difference, silent: Silent) {
  const cleaned: string[] = [];
  const failed: string[] = [];
  const step = async (work: Promise<{ cleaned: string[]; failed: string[] }>): Promise<void> => {
    const result = await work;
    cleaned.push(...result.cleaned);
    failed.push(...result.failed);
  };
  for (const level of [0, 1]) {
    const at = (entry: BaselineEntry): boolean => rank(entry) === level;
    const [added, deleted] = [difference.added.filter(at), difference.deleted.filter(at)];
    const changed = difference.changed.filter(
      ({ before }) => at(before) || (level === 0 && before.kind === "Namespace"),
    );
    if (level === 1) {
      const lost = difference.deleted.filter(({ kind }) => kind === "Namespace");
      await step(all(lost, nameOf, (entry) => recreateDeletion(kube, entry)));
    }
    await step(all(added, nameOf, (entry) => remove(kube, entry, silent)));
    await step(
      all(
        changed,
        ({ before }) => nameOf(before),
        ({ before, now }) => revertChange(kube, before, now),
      ),
    );
    await step(all(deleted, nameOf, (entry) => recreateDeletion(kube, entry)));
  }
  kube.forget();
  const namespaces = difference.added.filter(({ kind }) => kind === "Namespace").map(({ name }) => name);
  const stuck = await removeNamespaces(rt, kube, namespaces);
  cleaned.push(...namespaces.map((name) => `namespace ${name} removed`));
  failed.push(...stuck.map(({ namespace, why }) => `namespace ${namespace}: ${why}`));
  return { cleaned, failed };
}

function namesOf({ added, deleted, changed }: Difference): string[] {
  return [
    ...added.map((entry) => `${nameOf(entry)} is still there`),
    ...deleted.map((entry) => `${nameOf(entry)} is still missing`),
    ...changed.map(({ before, now }) => `${describeChange(before, now).join(", ")} did not hold`),
  ];
}

/** Brings a cluster back to its baseline and looks whether that holds. Additions that are `silent` go without a sentence. */
export async function restoreBaseline(
  rt: Runtime,
  kube: Kube,
  baseline: Baseline,
  silent: Silent = () => false,
): Promise<Restored> {
  kube.forget();
  const time = { clock: rt.clock, signal: rt.signal };
  const look = async (): Promise<Difference> => compareBaseline(baseline, await captureBaseline(kube));
  let difference = await look();
  if (difference.added.some(isPassing)) {
    await poll(
      async () => {
        difference = await look();
        const passing = difference.added.filter(isPassing);
        return passing.length === 0
          ? { done: true, value: true }
          : { done: false, seen: passing.map(nameOf).join(", ") };
      },
      { ...time, withinMs: VOLUMES_WITHIN_MS, everyMs: 300 },
    );
  }
  if (isEmpty(difference)) return { cleaned: [], held: true, left: [] };
  const { cleaned, failed } = await repairAll(rt, kube, difference, silent);
  await restartReaders(kube, difference);
  await poll(
    async () => {
      difference = await look();
      return isEmpty(difference) ? { done: true, value: true } : { done: false, seen: "differs" };
    },
    { ...time, withinMs: failed.length === 0 ? HOLDS_WITHIN_MS : 0, everyMs: 250 },
  );
  const held = isEmpty(difference);
  return { cleaned, held, left: held ? [] : [...failed, ...namesOf(difference)] };
}
