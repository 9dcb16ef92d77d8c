import { expect, test } from "vitest";
import type { KubeObject } from "../../src/kube/kube.ts";
import { awaitSymptom, symptomLasts } from "../../src/scenario/symptom.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeEntry, fakeLab } from "../fakes/lab.ts";
import { object } from "../fakes/writable-kube.ts";

/** A lab with two symptoms: ConfigMap a at once, ConfigMap b within 10 s. */
const lab = fakeLab({
  symptom: [
    fakeEntry("a", { type: "exists", kind: "ConfigMap", name: "a" }),
    fakeEntry("b", { type: "exists", kind: "ConfigMap", name: "b" }, { withinMs: 10_000 }),
  ],
});
const a = object("ConfigMap", "a");
const b = object("ConfigMap", "b");

test("hand-over waits until every symptom shows, and tells each as it was seen", async () => {
  const objects: KubeObject[] = [a];
  const notes: string[] = [];
  const seen = await awaitSymptom(fakeCheckContext(objects, { lab }), (text) => {
    if (notes.push(text) === 3) objects.push(b);
  });
  expect(notes).toHaveLength(3);
  expect(seen).toMatchObject([
    { title: "Title of a", observation: { outcome: "pass", observed: expect.stringContaining("a") } },
    { title: "Title of b", observation: { outcome: "pass", observed: expect.stringContaining("b") } },
  ]);
});

test("a symptom that does not show in its time ends the start, with what was seen last", async () => {
  const context = fakeCheckContext([a], { lab });
  const started = context.rt.clock.now();
  const error: unknown = await awaitSymptom(context, () => undefined).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ exitCode: 3, cure: expect.stringContaining("labs prove probes-storm") });
  expect(String(error)).toMatch(
    /"Title of b" of lab probes-storm did not show\n {2}expected {2}.+\n {2}observed {2}no such object/,
  );
  expect(context.rt.clock.now() - started).toBe(10_000);
});

test("a symptom lasts when all of it shows ten seconds later still", async () => {
  const half = fakeCheckContext([a], { lab });
  const started = half.rt.clock.now();
  expect(await symptomLasts(half)).toBe(false);
  expect(half.rt.clock.now()).toBe(started);
  const whole = fakeCheckContext([a, b], { lab });
  expect(await symptomLasts(whole)).toBe(true);
  expect(whole.rt.clock.now()).toBe(started + 10_000);
});

test("a look that fails is no relief: it is an error when none could tell, and does not count beside one that could", async () => {
  const blind = { type: "all", checks: [] };
  const unseen = fakeLab({ symptom: [fakeEntry("c", { type: "logs", container: "none" }), fakeEntry("d", blind)] });
  const context = fakeCheckContext([], { lab: unseen });
  await expect(symptomLasts(context)).rejects.toThrow("whether the symptom is gone could not be seen: Title of c");
  const half = fakeLab({
    symptom: [...unseen.symptom, fakeEntry("a", { type: "exists", kind: "ConfigMap", name: "a" })],
  });
  expect(await symptomLasts(fakeCheckContext([], { lab: half }))).toBe(false);
});
