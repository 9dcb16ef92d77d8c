import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { builtNodeImage, kindReleases, pulledNodeImage, versions } from "../../src/images/versions.ts";

const root = join(import.meta.dirname, "../..");
const goMod = (name: string) => readFile(join(root, "manifests/node-image/go", name, "go.mod"), "utf8");
const minor = (image: string) => /:(v1\.\d+)\.\d+(@|$)/.exec(image)?.[1];

describe("pins", () => {
  it("pulls and builds node images of the same Kubernetes minor version", () => {
    expect(minor(pulledNodeImage)).toBe("v1.36");
    expect(minor(builtNodeImage)).toBe(minor(pulledNodeImage));
  });

  it("pulls by digest only", () => {
    expect(pulledNodeImage).toMatch(/^kindest\/node:v[\d.]+@sha256:[0-9a-f]{64}$/);
    expect(Object.values(kindReleases).filter((sum) => /^[0-9a-f]{64}$/.test(sum))).toHaveLength(4);
  });

  it.each([
    ["kubernetes", "k8s.io/kubernetes", versions.kubernetes],
    ["kind", "sigs.k8s.io/kind", versions.kind],
    ["etcd", "go.etcd.io/etcd/server/v3", versions.etcd],
    ["containerd", "github.com/containerd/containerd/v2", versions.containerd],
    ["cni", "github.com/containernetworking/plugins", versions.cni],
    ["coredns", "github.com/coredns/coredns", versions.coredns],
    ["local-path", "github.com/rancher/local-path-provisioner", versions.localPath],
  ])("requires in the module %s the version that set-up names", async (name, module, version) => {
    const line = (await goMod(name)).split("\n").find((text) =>
      text
        .trim()
        .replace(/^require /, "")
        .startsWith(`${module} v`),
    );
    expect(line?.split(" ").find((word) => word.startsWith("v"))).toBe(version);
  });

  it("replaces every staging module of Kubernetes by the release that belongs to it", async () => {
    const staging = `v0${versions.kubernetes.slice(2)}`;
    const replaced = (await goMod("kubernetes")).split("\n").filter((line) => line.includes(" => "));
    expect(replaced.length).toBeGreaterThan(25);
    expect(replaced.filter((line) => !line.endsWith(` ${staging}`))).toEqual([]);
  });
});
