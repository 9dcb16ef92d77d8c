import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeWorkedExample } from "../fakes/worked-example.ts";
import { newLearner, type Learner } from "./learner.ts";

describe("an author with a folder of their own", { timeout: 300_000 }, () => {
  let me: Learner;

  beforeAll(async () => {
    me = await newLearner();
    await writeWorkedExample(join(me.home, "my-lab"));
  });
  afterAll(() => me.leave());

  test("the worked example of the guide lints and proves", async () => {
    expect(await me.labs("lint", "./my-lab")).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout } = await me.labs("prove", "./my-lab", "--run-scripts");
    expect(stdout).toContain("6 of 6 cases hold");
    expect(exitCode).toBe(0);
  });
});
