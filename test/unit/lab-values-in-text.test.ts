import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseWorkload, workload, workloadKind, workloadText } from "../../src/lab/workload.ts";
import { compareQuantities, duration, parseDuration, parseQuantity } from "../../src/lib/units.ts";

describe("duration", () => {
  it.each([
    ["500ms", 500],
    ["30s", 30_000],
    ["1.5s", 1500],
    ["2m", 120_000],
    ["1h", 3_600_000],
    ["0s", 0],
  ])("reads %s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    expect(duration.parse(text)).toBe(ms);
  });

  it.each(["30", "s", "-1s", "1 s", "30sec", ""])("refuses %j", (text) => {
    expect(parseDuration(text)).toBeUndefined();
    expect(() => duration.parse(text)).toThrow("30s");
  });

  it("is a plain string with a pattern in the JSON Schema", () => {
    expect(z.toJSONSchema(duration, { target: "draft-7", io: "input" })).toMatchObject({
      type: "string",
      pattern: expect.stringContaining("ms|s|m|h"),
    });
  });
});

describe("workload", () => {
  it.each(["deployment/payments", "statefulset/db-0", "daemonset/node.watch", "container/api"])("reads %s", (text) => {
    const ref = workload.parse(text);
    expect(workloadText(ref)).toBe(text);
    expect(parseWorkload(text)).toEqual(ref);
  });

  it.each(["payments", "pod/x", "deployment/", "Deployment/x", "deployment/a/b", "deployment/-x"])(
    "refuses %s",
    (text) => {
      expect(parseWorkload(text)).toBeUndefined();
      expect(() => workload.parse(text)).toThrow("deployment/NAME");
    },
  );

  it("knows the kind the API server uses", () => {
    expect(workloadKind({ kind: "statefulset", name: "db" })).toBe("StatefulSet");
    expect(workloadKind({ kind: "container", name: "api" })).toBeUndefined();
  });
});

describe("quantity", () => {
  it.each([
    ["64Mi", 67_108_864],
    ["1500m", 1.5],
    ["1e3", 1000],
    ["1E3", 1000],
    ["2E", 2e18],
    ["1.5Gi", 1_610_612_736],
    ["100u", 0.0001],
    ["250n", 2.5e-7],
    ["5k", 5000],
    ["-2", -2],
    [".5", 0.5],
    [7, 7],
  ])("reads %s", (value, number) => {
    expect(parseQuantity(value)).toBe(number);
  });

  it.each(["", "Mi", "1.2.3", "64mi", "1 Mi", "50%", true, null, Number.NaN])("refuses %j", (value) => {
    expect(parseQuantity(value)).toBeUndefined();
  });

  it.each([
    ["100m", "0.1", 0],
    ["0.1m", "100u", 0],
    ["1024Mi", "1Gi", 0],
    ["1G", "1Gi", -1],
    ["1500m", 1, 1],
  ])("compares %s with %s", (a, b, order) => {
    expect(compareQuantities(a, b)).toBe(order);
  });

  it("does not compare what is no quantity", () => {
    expect(compareQuantities("50%", 1)).toBeUndefined();
  });
});
