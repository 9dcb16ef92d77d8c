import { expect, test } from "vitest";
import { homeId } from "../../src/sandbox/home-id.ts";

const at = (home: string) => ({
  paths: { home, data: "", library: "", manifests: "", goApp: "", engine: "", kubeconfig: "" },
});

test("is the start of the SHA-256 of the home folder", () => {
  expect(homeId(at("/home/ann/.local/state/labs"))).toBe("67b0ce");
});

test("differs between homes", () => {
  expect(homeId(at("/a"))).not.toBe(homeId(at("/b")));
});
