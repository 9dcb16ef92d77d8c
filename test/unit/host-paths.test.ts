import { existsSync } from "node:fs";
import { beforeEach, expect, test, vi } from "vitest";
import { createRuntime } from "../../src/host.ts";

const paths = () => createRuntime(new AbortController().signal).paths;

beforeEach(() => {
  vi.stubEnv("HOME", "/home/me");
  for (const name of ["LABS_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"]) vi.stubEnv(name, undefined);
});

test("state and tools lie where the user's other programs have theirs", () => {
  expect(paths()).toMatchObject({
    home: "/home/me/.local/state/labs",
    data: "/home/me/.local/share/labs",
    kubeconfig: "/home/me/.local/state/labs/kubeconfig",
  });
});

test("XDG variables move them, an empty one does not", () => {
  vi.stubEnv("XDG_STATE_HOME", "/var/state");
  vi.stubEnv("XDG_DATA_HOME", "");
  expect(paths()).toMatchObject({ home: "/var/state/labs", data: "/home/me/.local/share/labs" });
});

test("LABS_HOME is the home itself, in one spelling, and tools stay shared", () => {
  vi.stubEnv("XDG_STATE_HOME", "/var/state");
  vi.stubEnv("LABS_HOME", "/srv/class/../labs/");
  expect(paths()).toMatchObject({
    home: "/srv/labs",
    data: "/home/me/.local/share/labs",
    kubeconfig: "/srv/labs/kubeconfig",
  });
});

test.each(["LABS_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"])("a relative %s is bad usage", (name) => {
  vi.stubEnv(name, "state");
  expect(paths).toThrow(expect.objectContaining({ exitCode: 2, message: `${name} is not an absolute path: state` }));
});

test("what ships with the program is found beside it", () => {
  const { library, manifests, goApp } = paths();
  expect([`${library}/lab.schema.json`, manifests, `${goApp}/go.mod`].filter((path) => !existsSync(path))).toEqual([]);
});
