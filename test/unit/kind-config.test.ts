import { expect, it } from "vitest";
import { parse } from "yaml";
import { kindConfig } from "../../src/sandbox/kind/kind-config.ts";

const spec = { workers: 2, nodeImage: "labs/node:v1", cgroupVersion: "1" } as const;

it("makes the nodes that were asked for, from our image, without IPv6", () => {
  const config = parse(kindConfig(spec));
  expect(config.nodes).toEqual([
    { role: "control-plane", image: "labs/node:v1" },
    { role: "worker", image: "labs/node:v1" },
    { role: "worker", image: "labs/node:v1" },
  ]);
  expect(config.networking).toMatchObject({ ipFamily: "ipv4", apiServerAddress: "127.0.0.1" });
});

it("allows cgroup v1 only where the host has it", () => {
  expect(kindConfig(spec)).toContain("failCgroupV1: false");
  expect(kindConfig({ ...spec, cgroupVersion: "2" })).not.toContain("failCgroupV1");
});

it("keeps what kind sets where a patch replaces a whole list", () => {
  const patches: { kind: string }[] = parse(kindConfig(spec)).kubeadmConfigPatches.map((one: string) => parse(one));
  const patch = (kind: string): unknown => patches.find((one) => one.kind === kind);
  expect(patch("InitConfiguration")).toMatchObject({
    skipPhases: expect.arrayContaining(["preflight", "addon/coredns"]),
  });
  const enable = { name: "enable-hostpath-provisioner", value: "true" };
  expect(patch("ClusterConfiguration")).toMatchObject({
    controllerManager: { extraArgs: expect.arrayContaining([enable]) },
  });
});

it("starts pods early: kubelet once, no network of kind's, a scheduler that needs no rights of RBAC", () => {
  const config = kindConfig(spec);
  expect(config).toContain("kubelet-finalize");
  // Under this name kubeadm also gives the API server the right to read logs.
  expect(config).not.toContain("bootstrap-token");
  expect(parse(config).networking.disableDefaultCNI).toBe(true);
  expect(config.match(/super-admin\.conf/g)).toHaveLength(3);
  const plain = kindConfig({ ...spec, tuned: false });
  expect(plain).not.toMatch(/kubelet-finalize|disableDefaultCNI|super-admin/);
});

it("leaves kind alone where it is only compared with", () => {
  const kinds = parse(kindConfig({ ...spec, tuned: false })).kubeadmConfigPatches.map((one: string) => parse(one).kind);
  expect(kinds).toEqual(["KubeletConfiguration"]);
});
