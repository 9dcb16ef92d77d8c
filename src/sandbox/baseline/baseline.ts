/** One object as the baseline remembers it. */
export interface BaselineEntry {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** The compared fields, at their places in the object; empty where only the name counts. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Not compared, but needed to make the object anew. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** The state of a cluster before any lab. */
export interface Baseline {
  readonly version: 1;
  /** Over all entries: equal hashes, equal clusters. */
  readonly hash: string;
  readonly namespaces: readonly string[];
  readonly entries: readonly BaselineEntry[];
}

/** What two states of a cluster have not in common. */
export interface Difference {
  readonly added: readonly BaselineEntry[];
  readonly deleted: readonly BaselineEntry[];
  readonly changed: readonly { readonly before: BaselineEntry; readonly now: BaselineEntry }[];
}

/** The identity of an entry: two entries with one key are states of one object. */
export function keyOf(entry: Pick<BaselineEntry, "apiVersion" | "kind" | "name" | "namespace">): string {
  return [entry.apiVersion, entry.kind, entry.namespace ?? "", entry.name].join("|");
}
