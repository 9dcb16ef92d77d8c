import { appendFileSync } from "node:fs";
import type { Reporter, TestCase } from "vitest/node";

/** Writes the names of tests that passed only when they were run again into a file, a line each. A busy machine does that; so does a bug. */
export default class SecondTries implements Reporter {
  readonly #file: string | undefined = process.env["LABS_SECOND_TRIES"];

  onTestCaseResult(test: TestCase): void {
    if (this.#file === undefined || test.diagnostic()?.flaky !== true) return;
    appendFileSync(this.#file, `${test.module.relativeModuleId}: ${test.fullName}\n`);
  }
}
