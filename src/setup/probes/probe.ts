import { LabsError, messageOf } from "../../lib/errors.ts";
import type { Runtime } from "../../runtime.ts";

/** What one probe saw. `missing` keeps labs from running; `warn` does not, but explains trouble. */
export interface Finding {
  /** Kebab case; never changed, as scripts read it from `doctor --json`. docs/machines.md explains each. */
  readonly id: string;
  readonly name: string;
  readonly level: "ok" | "warn" | "missing";
  readonly found: string;
  /** The command, or the sentence, that cures it. */
  readonly cure?: string;
}

/** Looks at one thing of this machine and changes nothing. A probe that throws counts as missing, with the error's own cure. */
export interface Probe {
  readonly id: string;
  readonly name: string;
  look(rt: Runtime): Promise<Omit<Finding, "id" | "name">>;
}

/** GiB with one decimal. */
export function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** Runs all probes side by side. One that cannot look is reported as missing, with the cure its error names. */
export async function examine(rt: Runtime, probes: readonly Probe[]): Promise<Finding[]> {
  return Promise.all(
    probes.map(async (probe): Promise<Finding> => {
      const { id, name } = probe;
      try {
        return { id, name, ...(await probe.look(rt)) };
      } catch (error) {
        if (rt.signal.aborted) throw error;
        const cure = error instanceof LabsError ? error.cure : undefined;
        const found = messageOf(error).split("\n")[0] ?? "";
        return { id, name, level: "missing", found, ...(cure === undefined ? {} : { cure }) };
      }
    }),
  );
}
