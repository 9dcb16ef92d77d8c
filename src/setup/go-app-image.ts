import { chmod, copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { environmentError } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { cached, cachePath } from "./cache.ts";
import { digestOf } from "./digest.ts";
import { imageLabel } from "./engine.ts";
import { findGo, goEnv } from "./go-toolchain.ts";
import { goArch } from "./node-image/compile.ts";
import { buildImage } from "./node-image/context.ts";
import { withProgress } from "./progress.ts";
import { goAppImage, goAppLinkerFlags, recipeLabel } from "../images/versions.ts";
import { isExecutable } from "./which.ts";

/** Digest of what decides the sample service's image: its source without tests, how it is linked, and the Dockerfile. */
export async function goAppDigest(rt: Runtime): Promise<string> {
  const dockerfile = await digestOf(join(rt.paths.manifests, "go-app"), {});
  return digestOf(
    rt.paths.goApp,
    { dockerfile, arch: goArch(rt), flags: goAppLinkerFlags },
    (file) =>
      !file.endsWith("_test.go") && !/(^|\/)(prebuilt|testdata)\//.test(file) && /\.go$|^go\.(mod|sum)$/.test(file),
  );
}

/** The sample service's image, when it was built from this very source. */
export async function findGoAppImage(rt: Runtime): Promise<string | undefined> {
  const [label, digest] = await Promise.all([imageLabel(rt, goAppImage, recipeLabel), goAppDigest(rt)]);
  return label === digest ? goAppImage : undefined;
}

async function compileGoApp(rt: Runtime, go: string, draft: string, note: (text: string) => void): Promise<void> {
  let packages = 0;
  const build = rt.exec([go, "build", "-v", "-trimpath", "-ldflags", goAppLinkerFlags, "-o", draft, "."], {
    cwd: rt.paths.goApp,
    env: { ...goEnv, GOOS: "linux", GOARCH: goArch(rt) },
    timeoutMs: 1800_000,
    onLine: () => {
      packages++;
    },
  });
  await withProgress(rt, build, { expectedSeconds: 60, now: () => `${packages} packages compiled`, note });
}

/** The static program of the sample service: compiled here, else the one that came with the package. */
async function goAppProgram(rt: Runtime, digest: string, note: (text: string) => void): Promise<string> {
  const go = await findGo(rt);
  const prebuilt = join(rt.paths.goApp, "prebuilt", `app-linux-${goArch(rt)}`);
  return cached(rt, cachePath(rt, "go-app", digest), async (draft) => {
    await mkdir(cachePath(rt, "go-app"), { recursive: true });
    if (go !== undefined) {
      await compileGoApp(rt, go, draft, note);
    } else if (await isExecutable(prebuilt)) {
      await copyFile(prebuilt, draft);
    } else {
      throw environmentError("the sample service cannot be built: no Go, and no prebuilt program for this machine", {
        cure: "install Go 1.26: https://go.dev/dl/",
      });
    }
    await chmod(draft, 0o755);
  });
}

/** Builds the sample service's image. */
export async function buildGoApp(rt: Runtime, note: (text: string) => void): Promise<string> {
  const digest = await goAppDigest(rt);
  const program = await goAppProgram(rt, digest, note);
  await buildImage(rt, {
    tag: goAppImage,
    dockerfile: join(rt.paths.manifests, "go-app", "Dockerfile"),
    files: { app: { from: program } },
    labels: { [recipeLabel]: digest },
  });
  // The image that carried the name before, unless a container still runs from it.
  await rt.exec(["docker", "image", "prune", "-f", "--filter", `label=${recipeLabel}`], { allowFailure: true });
  return goAppImage;
}
