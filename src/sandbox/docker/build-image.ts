import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { environmentError, messageOf } from "../../lib/errors.ts";
import { labelStages } from "../../lab/read/dockerfile.ts";
import type { Runtime } from "../../runtime.ts";

/** Who builds: the engine itself, or BuildKit through the buildx plugin. */
export type Builder = "classic" | "buildkit";

/** A build that came to an end: its image, or the last lines of what the builder said. */
export type Built = { readonly ok: true; readonly seconds: number } | { readonly ok: false; readonly said: string };

/** What is built. */
export interface BuildSpec {
  readonly tag: string;
  /** Folder with the Dockerfile; only its owner has changed it. */
  readonly dir: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly onLine?: (line: string) => void;
}

const unreachable = /Cannot connect to the Docker daemon|error during connect|no space left on device/;

/**
 * Builders of this machine, the one first that `docker build` takes. They see the engine's own images: a BuildKit in a container of its own would
 * look for them in a registry.
 */
export async function builders(rt: Runtime): Promise<readonly Builder[]> {
  const argv = ["docker", "buildx", "inspect"] as const;
  const { exitCode, stdout } = await rt.exec(argv, { allowFailure: true, timeoutMs: 20_000 });
  return exitCode === 0 && /^Driver:\s+docker$/m.test(stdout) ? ["buildkit", "classic"] : ["classic"];
}

function argvOf(builder: Builder, { tag, dir, labels }: BuildSpec): [string, ...string[]] {
  const options = Object.entries(labels).flatMap(([key, value]) => ["--label", `${key}=${value}`]);
  const program =
    builder === "classic" ? ["build", "--force-rm"] : ["buildx", "build", "--load", "--progress", "plain"];
  return ["docker", ...program, "--network", "none", ...options, "-t", tag, "-f", "-", dir];
}

/** What a builder said last that is no advice about builders. */
function lastWords(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter(
      (line) => line !== "" && !/^(DEPRECATED|Install the buildx|environment-variable|BuildKit|https:)/.test(line),
    )
    .slice(-3)
    .join(" | ")
    .slice(-400);
}

/**
 * Builds a folder without network. A Dockerfile that does not build is the answer; an engine that cannot be asked throws. Every stage carries
 * our labels, as stages stay behind without a name and would be nobody's.
 */
export async function buildFolder(rt: Runtime, builder: Builder, spec: BuildSpec): Promise<Built> {
  const dockerfile = await readFile(join(spec.dir, "Dockerfile"), "utf8").catch(() => undefined);
  if (dockerfile === undefined) return { ok: false, said: "there is no Dockerfile" };
  const started = rt.clock.elapsed();
  const { onLine } = spec;
  try {
    const { exitCode, stdout, stderr } = await rt.exec(argvOf(builder, spec), {
      env: { DOCKER_BUILDKIT: builder === "classic" ? "0" : "1", BUILDX_NO_DEFAULT_ATTESTATIONS: "1" },
      input: labelStages(dockerfile, spec.labels),
      allowFailure: true,
      timeoutMs: spec.timeoutMs,
      ...(onLine === undefined ? {} : { onLine }),
    });
    if (exitCode === 0) return { ok: true, seconds: Math.round((rt.clock.elapsed() - started) / 100) / 10 };
    const said = lastWords(`${stdout}\n${stderr}`);
    if (unreachable.test(said)) throw environmentError(`the engine could not build ${spec.tag}: ${said}`);
    return { ok: false, said };
  } catch (error) {
    if (rt.signal.aborted || !messageOf(error).includes("did not end within")) throw error;
    return { ok: false, said: `it did not end within ${Math.round(spec.timeoutMs / 1000)} s` };
  }
}
