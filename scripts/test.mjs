#!/usr/bin/env zx
// Every runner, one after the other; the last line is the total over all of them. A runner that breaks fails the run, but the others still
// speak. Options: --fast leaves out what needs an engine.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const fast = argv.fast === true;
const out = await mkdtemp(join(tmpdir(), "labs-test-"));
const total = { passed: 0, failed: 0, skipped: 0 };
const broken = [];
const secondTries = [];

// A home of its own: the sandboxes of whoever works here stay as they are.
process.env.LABS_HOME = join(process.cwd(), ".test-home");
process.env.LABS_SECOND_TRIES = join(out, "second-tries");

$.verbose = false;

function count(name, { passed = 0, failed = 0, skipped = 0 }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  echo(`== ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
}

async function runner(name, work) {
  const started = Date.now();
  echo(`\n== ${name}`);
  try {
    await work();
  } catch (error) {
    broken.push(name);
    echo(error instanceof Error ? error.message : String(error));
  }
  echo(`== ${name}: ${Math.round((Date.now() - started) / 1000)} s`);
}

/** Checks without a count of their own count as one test. */
const gate = (name, command) =>
  runner(name, async () => {
    const { exitCode } = await command();
    count(name, exitCode === 0 ? { passed: 1 } : { failed: 1 });
  });

const shown = { stdio: "inherit", nothrow: true };

const vitest = (project) =>
  runner(`vitest ${project}`, async () => {
    const file = join(out, `${project}.json`);
    const flags = ["--reporter=default", "--reporter=json", "--reporter=./test/second-tries.ts"];
    flags.push(`--outputFile.json=${file}`);
    const { exitCode } = await $(shown)`npx vitest run --project ${project} ${flags}`;
    const result = JSON.parse(await readFile(file, "utf8"));
    const failed = result.numFailedTests;
    const skipped = result.numPendingTests + result.numTodoTests;
    // A file that does not load has no tests to fail.
    count(`vitest ${project}`, {
      passed: result.numPassedTests,
      failed: failed === 0 && exitCode !== 0 ? 1 : failed,
      skipped,
    });
  });

/** The host's Go, else the one that set-up fetches where it has to build from source. */
async function ensureGo() {
  const [{ createRuntime }, toolchain] = await Promise.all([
    import("../dist/host.js"),
    import("../dist/setup/go-toolchain.js"),
  ]);
  return toolchain.ensureGo(createRuntime(new AbortController().signal), echo);
}

async function actionlint() {
  const go = await ensureGo();
  return $(shown)`${go} run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12`;
}

async function goTests() {
  const go = await ensureGo();
  const within = { cwd: "go-app", nothrow: true };
  const vet = await $(within)`${go} vet ./...`;
  if (vet.exitCode !== 0) echo(vet.stderr);
  const { stdout, stderr, exitCode } = await $(within)`${go} test -race -json ./...`;
  const ends = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line))
    .filter((event) => event.Test !== undefined);
  const of = (action) => ends.filter((event) => event.Action === action);
  for (const event of of("fail")) echo(`--- FAIL ${event.Package} ${event.Test}`);
  if (exitCode !== 0) echo(stderr.slice(-2000));
  const failed = of("fail").length;
  count("go test", {
    passed: of("pass").length,
    failed: failed === 0 && (exitCode !== 0 || vet.exitCode !== 0) ? 1 : failed,
    skipped: of("skip").length,
  });
}

async function prove(...words) {
  const { stdout, exitCode } = await $({
    nothrow: true,
    stdio: ["ignore", "pipe", "inherit"],
  })`node dist/main.js prove ${words} --json`;
  if (exitCode !== 0 && exitCode !== 1) throw new Error(`labs prove ended with ${exitCode}`);
  return JSON.parse(stdout);
}

async function proofs() {
  // Changed and due labs whole, oldest proof first, within CI's time; a sample of every other lab.
  const results = await prove("--due", "--minutes", "6");
  const failed = [];
  for (const result of results.filter(({ passed }) => !passed)) {
    echo(`${result.lab}, ${result.name}: ${result.problem}; once more`);
    const again = await prove(result.lab, "--case", result.name);
    if (again.every(({ passed }) => passed)) secondTries.push(`proof of ${result.lab}: ${result.name}`);
    else failed.push(result);
  }
  count("proofs", { passed: results.length - failed.length, failed: failed.length });
}

await gate("types", () => $(shown)`npx tsc --noEmit`);
await gate("oxlint", () => $(shown)`npx oxlint --type-aware`);
await gate("oxfmt", () => $(shown)`npx oxfmt --check`);
await gate("labs lint", () => $(shown)`node dist/main.js lint`);
await vitest("unit");
await vitest("labs");
if (!fast) {
  await gate("labs down", () => $(shown)`node dist/main.js down`);
  await gate("labs setup", () => $(shown)`node dist/main.js setup --yes`);
  await runner("go test", goTests);
  await gate("actionlint", actionlint);
  await vitest("integration");
  await vitest("e2e");
  await runner("proofs", proofs);
  await gate("labs down at the end", () => $(shown)`node dist/main.js down`);
}

const retried = await readFile(process.env.LABS_SECOND_TRIES, "utf8").catch(() => "");
secondTries.unshift(...retried.split("\n").filter((line) => line !== ""));
for (const name of secondTries) echo(`passed only at the second try: ${name}`);
await rm(out, { recursive: true, force: true });
if (broken.length > 0) {
  echo(`broken: ${broken.join(", ")}`);
  total.failed += broken.length;
}
echo(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
