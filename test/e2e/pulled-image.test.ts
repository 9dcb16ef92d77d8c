import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pulledImage } from "../integration/pulled-stand-in.ts";
import { newLearner, type Learner } from "./learner.ts";

// As somebody has it whose registry answers: no node image of ours, a pulled one instead.
describe("a lab on a pulled node image", { timeout: 420_000 }, () => {
  let me: Learner;

  beforeAll(async () => {
    me = await newLearner({ LABS_NODE_IMAGE: await pulledImage() });
  });
  afterAll(() => me.leave());

  test("starts with the symptom in sight, and doctor is content", async () => {
    const { exitCode, stderr } = await me.labs("start", "service-no-endpoints", "--seed", "e2e", "--variant", "empty");
    expect(stderr).toContain("✓ Wait for the symptom");
    expect(exitCode).toBe(0);
    const { stdout } = await me.labs("doctor");
    expect(stdout).toMatch(/^ok +node image +labs\/node:pulled-[0-9a-f]{8}$/m);
    await me.expectUntouched();
  });

  test("tells what is not repaired, and accepts a repair", async () => {
    expect((await me.labs("verify")).exitCode).toBe(1);
    const repair = await me.shell(`kubectl -n shop patch deployment web --type=json -p '[
      {"op": "replace", "path": "/spec/template/metadata/labels/app", "value": "website"}]'
      kubectl -n shop rollout status deployment web --timeout=120s`);
    expect(repair).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout } = await me.labs("verify");
    expect(stdout).toMatch(/solved/i);
    expect(exitCode).toBe(0);
  });

  test("is taken away, and its cluster kept warm", async () => {
    const { exitCode, stdout } = await me.labs("stop");
    expect(stdout).toContain("kept warm");
    expect(exitCode).toBe(0);
  });

  test("holds its proof", async () => {
    const { exitCode, stdout } = await me.labs("prove", "service-no-endpoints", "--case", "broken@closed", "--json");
    expect(JSON.parse(stdout)).toMatchObject([{ name: "broken@closed", passed: true }]);
    expect(exitCode).toBe(0);
  });
});
