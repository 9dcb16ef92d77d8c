import { expect, it } from "vitest";
import { lastAppliedKey, withLastApplied } from "../../src/kube/last-applied.ts";

it("writes the annotation as kubectl does: keys in order, HTML escaped, empty annotations, a newline", () => {
  const object = withLastApplied({
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { namespace: "shop", name: "web" },
    data: { b: '<a href="x">&</a>', a: "1", "10": "x", "9": "y" },
  });
  expect(object.metadata.annotations?.[lastAppliedKey]).toBe(
    String.raw`{"apiVersion":"v1","data":{"10":"x","9":"y","a":"1","b":"\u003ca href=\"x\"\u003e\u0026\u003c/a\u003e"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"web","namespace":"shop"}}` +
      "\n",
  );
});

it("keeps other annotations and does not nest an older one", () => {
  const once = withLastApplied({ apiVersion: "v1", kind: "Pod", metadata: { name: "p", annotations: { team: "a" } } });
  const twice = withLastApplied(once);
  expect(twice).toEqual(once);
  expect(once.metadata.annotations?.["team"]).toBe("a");
});
