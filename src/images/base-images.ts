/** A base image that Dockerfiles of labs may start from. */
export interface BaseImage {
  readonly name: string;
  /** Pinned: what a lab measures depends on the shell or the compiler in it. */
  readonly ref: string;
  /** Debian packages beside the smallest set. */
  readonly packages: readonly string[];
  /** It holds the Go toolchain. */
  readonly go?: boolean;
  /** It is this one file of the Debian root, and nothing else of it. */
  readonly onlyFile?: string;
}

/** Every base image. Where a registry answers they are made on top of pulled ones (pull.ts), else out of packages. */
export const baseImages = [
  { name: "debian", ref: "labs/debian:13", packages: ["busybox-static"] },
  { name: "busybox", ref: "labs/busybox:1.37", packages: ["busybox-static"], onlyFile: "./usr/bin/busybox" },
  { name: "golang", ref: "labs/golang:1.26", packages: ["gcc", "libc6-dev"], go: true },
] as const satisfies readonly BaseImage[];

/** Name of a base image, as `images:` of a lab file has it. */
export type BaseImageName = (typeof baseImages)[number]["name"];

/** All names. */
export const baseImageNames: readonly BaseImageName[] = baseImages.map(({ name }) => name);

/** The base images of these names, in an order in which they can be built. */
export function baseImagesOf(names: readonly BaseImageName[]): readonly BaseImage[] {
  return baseImages.filter(({ name }) => names.includes(name));
}
