/** Something that is installed into a cluster beside what each has, such as a metrics server. */
export interface Addon {
  /** As `addons:` of a lab file has it. */
  readonly name: string;
}

/** Every add-on that a lab can ask for; none so far. */
export const addons: readonly Addon[] = [];
