import { describe, expect, test } from "vitest";
import { labelSelector, selects, selectorText } from "../../src/kube/label-selector.ts";
import { matchesSelector } from "../fakes/label-selector.ts";

const labels = { app: "web", tier: "front" };

describe("a label selector", () => {
  test.each([
    [{}, true],
    [{ matchLabels: { app: "web", tier: "front" } }, true],
    [{ matchLabels: { app: "web", tier: "back" } }, false],
    [{ matchExpressions: [{ key: "app", operator: "In", values: ["web", "api"] }] }, true],
    [{ matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] }, false],
    [{ matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] }, false],
    [{ matchExpressions: [{ key: "zone", operator: "NotIn", values: ["a"] }] }, true],
    [{ matchExpressions: [{ key: "tier", operator: "Exists" }] }, true],
    [{ matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] }, false],
    [{ matchLabels: { app: "web" }, matchExpressions: [{ key: "zone", operator: "Exists" }] }, false],
  ])("%j matches, or does not, here and in a list request", (given, matches) => {
    const selector = labelSelector.parse(given);
    expect(selects(selector, labels)).toBe(matches);
    expect(matchesSelector(labels, selectorText(selector))).toBe(matches);
  });
});
