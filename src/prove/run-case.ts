import type { Lab } from "../lab/lab.ts";
import type { Clock } from "../lib/clock.ts";
import type { VerifyResult } from "../verify/verify-context.ts";
import { judgeBroken, judgeBypass, judgeFix } from "./judge.ts";
import type { ProofCase } from "./plan.ts";

/** What a case does to a lab in its sandbox; the real thing stands in prove-lab.ts. */
export interface CaseTools {
  readonly clock: Pick<Clock, "elapsed">;
  /**
   * Breaks the lab afresh under a variant, and waits for its symptom where `symptom` says so. Resolves to how long the symptom took to show after
   * the fault, in ms; 0 where it was not waited for.
   */
  lay(variant: string, symptom: boolean): Promise<number>;
  /** Runs a fix or bypass. Throws when it does not run to its end. */
  runScript(script: Extract<ProofCase, { kind: "fix" | "bypass" }>["script"]): Promise<void>;
  /** Whether the symptom still shows, some seconds on. Throws when nobody can tell. */
  symptomLasts(): Promise<boolean>;
  /** Waits, in ms, as Ctrl-C lets it. */
  sleep(ms: number): Promise<void>;
  verify(enough: (results: VerifyResult["results"]) => boolean): Promise<VerifyResult>;
  /** Takes the lab away, and tells what is left of it; empty when nothing is. */
  leaks(): Promise<string>;
}

/** How long the symptom of each variant took to show, in ms, as the cases of one proof have seen it. */
export type SymptomTimes = Map<string, number>;

/** A symptom that comes a little later than it did before has still not gone away. */
const laterBy = (ms: number): number => ms * 1.25 + 2000;

const never = () => false;

/** Whether everything that a bypass declares has refused it. */
function refused(results: VerifyResult["results"], caughtBy: readonly string[]): boolean {
  return caughtBy.length > 0 && caughtBy.every((id) => results.some((one) => one.id === id && one.outcome === "fail"));
}

/**
 * Runs one case; empty when it holds, else why not. Each variant's symptom is seen once, by the same wait as at hand-over. A script counts only if
 * the symptom is gone after it, and after as long as the symptom had taken to come: a script that does nothing is no repair and no shortcut.
 */
export async function runCase(
  tools: CaseTools,
  { variants, containers }: Pick<Lab, "variants" | "containers">,
  proofCase: ProofCase,
  times: SymptomTimes,
): Promise<string> {
  if (proofCase.kind === "leaks") return tools.leaks();
  const { variant } = proofCase;
  const isBroken = proofCase.kind === "broken" || proofCase.kind === "reset";
  const known = times.get(variant);
  const waits = isBroken || known === undefined;
  const took = await tools.lay(variant, waits);
  const laidAt = tools.clock.elapsed();
  if (waits) times.set(variant, Math.max(took, known ?? 0));
  if (isBroken) {
    const fails = variants.find(({ id }) => id === variant)?.fails ?? [];
    const problem = judgeBroken(await tools.verify(never), fails);
    if (problem !== "") return problem;
    return (await tools.symptomLasts()) ? "" : "the symptom went by itself, so a script that does nothing would pass";
  }
  const { kind, script } = proofCase;
  await tools.runScript(script);
  if (kind === "fix") {
    const problem = judgeFix(await tools.verify(never));
    // Where verify judges a folder, the container that was built from it before may still show the symptom.
    if (problem !== "" || containers.some(({ build }) => build !== undefined)) return problem;
    return (await tools.symptomLasts()) ? "accepted, and the symptom is still there" : "";
  }
  const left = waits ? 0 : laidAt + laterBy(known ?? 0) - tools.clock.elapsed();
  if (left > 0) await tools.sleep(left);
  if (await tools.symptomLasts()) return "the symptom is still there, so this is no bypass";
  return judgeBypass(await tools.verify((results) => refused(results, script.caughtBy)), script.caughtBy);
}
