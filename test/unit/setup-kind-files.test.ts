import { describe, expect, it } from "vitest";
import { planInnerImages } from "../../src/setup/node-image/inner-images.ts";
import { parseStorage } from "../../src/setup/node-image/kind-files.ts";

const source = [
  'const storageProvisionerImage = "docker.io/kindest/local-path-provisioner:v1"',
  'const storageHelperImage = "docker.io/kindest/local-path-helper:v2"',
  "",
  "const defaultStorageManifest = `",
  "kind: Deployment",
  "image: ` + storageProvisionerImage + `",
  "args: [` + storageHelperImage + `]",
  "`",
  "",
].join("\n");

describe("parseStorage", () => {
  it("puts the constants into the manifest", () => {
    expect(parseStorage(source)).toEqual({
      storageImage: "docker.io/kindest/local-path-provisioner:v1",
      storageHelperImage: "docker.io/kindest/local-path-helper:v2",
      storageManifest: [
        "",
        "kind: Deployment",
        "image: docker.io/kindest/local-path-provisioner:v1",
        "args: [docker.io/kindest/local-path-helper:v2]",
        "",
      ].join("\n"),
    });
  });

  it("says so when kind moved its constants", () => {
    expect(() => parseStorage(source.replace("storageHelperImage =", "helper ="))).toThrow("no storage helper image");
  });
});

describe("planInnerImages", () => {
  const kind = { overlay: "/k", pauseImage: "registry.k8s.io/pause:3.10", ...parseStorage(source) };

  it("names images as kubeadm does, and takes pause from containerd's settings", () => {
    const list = [
      "registry.k8s.io/etcd:3.6.8-0",
      "registry.k8s.io/coredns/coredns:v1.14.2",
      "registry.k8s.io/pause:3.10.2",
    ];
    expect(planInnerImages(list, kind).map((image) => [image.ref, image.programs[0]])).toEqual([
      ["registry.k8s.io/etcd:3.6.8-0", "etcd/etcd"],
      ["registry.k8s.io/coredns/coredns:v1.14.2", "coredns/coredns"],
      ["registry.k8s.io/pause:3.10", "pause/pause"],
      ["docker.io/kindest/local-path-provisioner:v1", "local-path/local-path-provisioner"],
      ["docker.io/kindest/local-path-helper:v2", undefined],
    ]);
  });

  it("refuses an image that nobody knows how to make", () => {
    expect(() => planInnerImages(["registry.k8s.io/novelty:v1"], kind)).toThrow("registry.k8s.io/novelty:v1");
  });
});
