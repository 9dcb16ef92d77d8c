import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { span } from "../../lib/text.ts";
import type { Runtime } from "../../runtime.ts";
import { cached, cachePath } from "../cache.ts";
import { digestOf } from "../digest.ts";
import { goEnv } from "../go-toolchain.ts";
import { withProgress } from "../progress.ts";
import { compiledAs, type GoModule } from "./modules.ts";

/** Architecture of this host as Go and Docker name it. */
export function goArch(rt: Pick<Runtime, "host">): string {
  return rt.host.arch === "x64" ? "amd64" : rt.host.arch;
}

/** Where the recipe of a module lies. */
export function moduleFolder(rt: Pick<Runtime, "paths">, name: string): string {
  return join(rt.paths.manifests, "node-image", "go", name);
}

function stage(packages: number, downloads: number): string {
  if (packages > 0) return `${packages} packages compiled`;
  return downloads > 0 ? `${downloads} modules fetched` : "linking";
}

/** Compiles a module's programs, unless this very recipe was compiled before. Returns the folder that holds them. */
export async function compileModule(
  rt: Runtime,
  go: string,
  module: GoModule,
  target: { readonly os: string; readonly arch: string },
  note: (text: string) => void,
): Promise<string> {
  const folder = moduleFolder(rt, module.name);
  const digest = await digestOf(folder, { recipe: compiledAs(module), target });
  return cached(rt, cachePath(rt, "go", `${module.name}-${digest}`), async (draft) => {
    await mkdir(draft, { recursive: true });
    let packages = 0;
    let downloads = 0;
    const started = rt.clock.elapsed();
    const build = rt.exec(
      [
        go,
        "build",
        "-v",
        "-trimpath",
        "-ldflags",
        ["-s -w", module.ldflags ?? ""].join(" ").trim(),
        ...(module.tags === undefined ? [] : ["-tags", module.tags]),
        "-o",
        module.output === undefined ? `${draft}/` : join(draft, module.output),
        ...module.packages,
      ],
      {
        cwd: folder,
        env: { ...goEnv, GOOS: target.os, GOARCH: target.arch },
        timeoutMs: 3 * 3600_000,
        onLine: (line) => {
          if (line.startsWith("go: downloading")) downloads++;
          else packages++;
        },
      },
    );
    await withProgress(rt, build, {
      expectedSeconds: module.expectedSeconds,
      now: () => `${module.name}: ${stage(packages, downloads)}`,
      note,
    });
    note(`${module.name} compiled in ${span(rt.clock.elapsed() - started)}`);
  });
}
