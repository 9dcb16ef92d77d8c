#!/usr/bin/env zx
// `npm pack`: compiles the program, and the sample service for machines that have no Go. The same sources give the same binaries.
import { chmod, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

// npm prints the tarball's name on stdout, and scripts read it.
$.verbose = false;
const root = join(import.meta.dirname, "..");
const run = $({ cwd: root, stdio: ["ignore", 2, 2] });

await run`npm run --silent build`;
await chmod(join(root, "dist", "main.js"), 0o755);

// The compiler never removes what it made of a source that is gone.
for (const name of await readdir(join(root, "dist"), { recursive: true })) {
  const source = join(root, "src", name.replace(/\.js(\.map)?$/, ".ts"));
  const made = name.endsWith(".js") || name.endsWith(".js.map");
  if (made && (await stat(source).catch(() => undefined)) === undefined) await rm(join(root, "dist", name));
}

const { createRuntime } = await import("../dist/host.js");
const { ensureGo, goEnv } = await import("../dist/setup/go-toolchain.js");
const { goAppLinkerFlags } = await import("../dist/images/versions.js");
const go = await ensureGo(createRuntime(new AbortController().signal), () => undefined);
const prebuilt = join(root, "go-app", "prebuilt");
await rm(prebuilt, { recursive: true, force: true });
await mkdir(prebuilt);
for (const arch of ["amd64", "arm64"]) {
  const build = run({ cwd: join(root, "go-app"), env: { ...process.env, ...goEnv, GOOS: "linux", GOARCH: arch } });
  await build`${go} build -trimpath -ldflags ${goAppLinkerFlags} -o ${join(prebuilt, `app-linux-${arch}`)} .`;
}
