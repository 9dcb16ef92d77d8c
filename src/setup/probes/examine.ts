import { LabsError, messageOf } from "../../lib/errors.ts";
import type { Runtime } from "../../runtime.ts";
import type { Finding, Probe } from "./finding.ts";

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
