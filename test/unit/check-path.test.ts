import { describe, expect, it } from "vitest";
import { isPath, readPath } from "../../src/lib/path.ts";

const object = {
  metadata: { annotations: { "a.b/c": "yes" } },
  status: {
    conditions: [
      { type: "Ready", status: "True" },
      { type: "Progressing", status: "False" },
    ],
    phase: "Active",
  },
  ports: [{ port: 80 }, { port: 443 }],
  none: [],
};

describe("readPath", () => {
  it.each([
    ["status.phase", ["Active"]],
    ["status.conditions[0].type", ["Ready"]],
    ["status.conditions[-1].type", ["Progressing"]],
    ["status.conditions[type=Progressing].status", ["False"]],
    ['status.conditions[type="Ready"].status', ["True"]],
    ['metadata.annotations."a.b/c"', ["yes"]],
    ['metadata.annotations["a.b/c"]', ["yes"]],
    ["ports[*].port", [80, 443]],
    ["ports[port=443].port", [443]],
    ["none[*].port", [undefined]],
    ["status.conditions[type=Gone].status", [undefined]],
    ["status.gone.deeper", [undefined]],
    ["status.phase[0]", [undefined]],
    ["status.constructor", [undefined]],
  ])("reads %s", (path, values) => {
    expect(readPath(object, path)).toEqual(values);
  });

  it("knows what is no path", () => {
    for (const bad of ["", "a..b", "a[", "a]b", "a[=x]"]) expect(isPath(bad), bad).toBe(false);
    expect(() => readPath({}, "a..b")).toThrow("not a path");
  });
});
