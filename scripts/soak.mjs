#!/usr/bin/env zx
// Starts and stops labs many times, then takes everything down: containers, networks, volumes and images must be what they were, and the disk
// must be within 100 MB. Options: --rounds N (default 20). Nothing else may use the engine meanwhile.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

$.verbose = false;

const rounds = Number(argv.rounds ?? 20);
const home = await mkdtemp(join(tmpdir(), "labs-soak-"));
const env = { ...process.env, LABS_HOME: home };
const main = join(import.meta.dirname, "..", "dist", "main.js");
const labs = (...args) => $({ env })`node ${main} ${args}`.quiet();

async function engine() {
  const lists = await Promise.all([
    $`docker ps -a --format ${"container {{.Names}}"}`,
    $`docker network ls --format ${"network {{.Name}}"}`,
    $`docker volume ls --format ${"volume {{.Name}}"}`,
    $`docker images -a --format ${"image {{.Repository}}:{{.Tag}} {{.ID}}"}`,
  ]);
  return lists.flatMap(({ stdout }) => stdout.split("\n").filter((line) => line !== "")).sort();
}

async function usedMegabytes() {
  const { stdout } = await $`docker info --format ${"{{.DockerRootDir}}"}`;
  const { stdout: blocks } = await $`df --output=used -B1M ${stdout.trim()}`;
  return Number(blocks.trim().split("\n").at(-1));
}

try {
  await labs("setup");
  const before = { engine: await engine(), disk: await usedMegabytes() };
  for (let round = 1; round <= rounds; round += 1) {
    // Most rounds on the network, every fourth on the cluster, warm but for the first.
    const lab = round % 4 === 0 ? "probes-storm" : "gomaxprocs-throttling";
    const started = Date.now();
    await labs("start", lab);
    await labs("stop");
    echo(`${round}/${rounds} ${lab} ${Math.round((Date.now() - started) / 1000)} s`);
  }
  await labs("down");
  const after = { engine: await engine(), disk: await usedMegabytes() };
  const left = after.engine.filter((line) => !before.engine.includes(line));
  const gone = before.engine.filter((line) => !after.engine.includes(line));
  const grown = after.disk - before.disk;
  for (const line of left) echo(`left behind: ${line}`);
  for (const line of gone) echo(`missing: ${line}`);
  echo(`${rounds} starts and stops: ${left.length} left behind, ${gone.length} missing, disk ${grown} MB more`);
  process.exitCode = left.length + gone.length === 0 && grown <= 100 ? 0 : 1;
} finally {
  await labs("down").nothrow();
  await rm(home, { recursive: true, force: true });
}
