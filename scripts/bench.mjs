#!/usr/bin/env zx
// Measures what design promises about speed, as ratios of two things measured in the same run. Prints one table; --json prints the figures.
// Everything runs in a home of its own, which is removed at the end. Run it with nothing else going on.
// --rounds N: of starts, default 3. --lab ID: which lab. --pulled IMAGE: nothing but fresh starts, on the node image that is built and on a pulled
// kindest/node in turn. Each start is told on stderr as it ends; all of it takes about ten minutes.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRuntime } from "../dist/host.js";
import { kindConfig } from "../dist/sandbox/kind/kind-config.js";
import { nodesOf } from "../dist/sandbox/kind/nodes.js";
import { quietNode } from "../dist/sandbox/kind/remove-cluster.js";
import { ensureReady } from "../dist/setup/ensure-ready.js";

$.verbose = false;

const home = await mkdtemp(join(tmpdir(), "labs-bench-"));
const env = { ...process.env, LABS_HOME: join(home, "state") };
const main = join(import.meta.dirname, "..", "dist", "main.js");
const lab = argv.lab ?? "probes-storm";
const rounds = Number(argv.rounds ?? 3);
const rows = [];

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function timed(work) {
  const started = performance.now();
  const result = await work();
  return { ms: performance.now() - started, result };
}

/** A figure; without a target it is there to compare with. */
function row(what, value, unit, target, detail) {
  const met = target === undefined ? undefined : value <= target;
  rows.push({ what, value: Number(value.toFixed(2)), unit, target, met, detail });
}

/** Both programs in turn, so that a slow minute hits both. */
async function ratio(what, args, target) {
  const ours = [];
  const empty = [];
  for (let round = 0; round < 15; round += 1) {
    ours.push((await timed(() => $({ env })`node ${main} ${args}`.quiet())).ms);
    empty.push((await timed(() => $`node -e 0`.quiet())).ms);
  }
  const detail = `${median(ours).toFixed(0)} ms / ${median(empty).toFixed(0)} ms, medians of 15`;
  row(what, median(ours) / median(empty), "×", target, detail);
}

const labsWith = (more, ...args) => $({ env: { ...env, ...more }, nothrow: true })`node ${main} ${args}`.quiet();
const labs = (...args) => labsWith({}, ...args);

async function start(more = {}) {
  const { ms, result } = await timed(() => labsWith(more, "start", lab, "--json"));
  if (result.exitCode !== 0) throw new Error(result.stderr);
  const { steps } = JSON.parse(result.stdout);
  const own = ms - (steps["Wait for the symptom"] ?? 0);
  process.stderr.write(
    `start of ${lab}${more.LABS_NODE_IMAGE ? ` on ${more.LABS_NODE_IMAGE}` : ""}: ${(own / 1000).toFixed(1)} s\n`,
  );
  return own;
}

/** What kind alone takes for the same nodes: as it comes, or with the settings by which labs makes clusters start sooner. */
async function plainKind(tuned) {
  const name = "labs-bench-plain";
  const files = { config: join(home, "kind.yaml"), kubeconfig: join(home, "plain.kubeconfig") };
  const rt = createRuntime(new AbortController().signal);
  const { kind, nodeImage } = await ensureReady(rt, { kind: true });
  const docker = await rt.docker();
  const { cgroupVersion } = await docker.version();
  await writeFile(files.config, kindConfig({ workers: 0, nodeImage, cgroupVersion, tuned }));
  const { ms } = await timed(() =>
    $`${kind} create cluster --name ${name} --config ${files.config} --kubeconfig ${files.kubeconfig} --wait 120s`.quiet(),
  );
  await Promise.all((await nodesOf(docker, name)).map((node) => quietNode(docker, node)));
  await $`${kind} delete cluster --name ${name} --kubeconfig ${files.kubeconfig}`.quiet();
  return ms;
}

/** Ratio of two lists of milliseconds, by their medians. */
function over(what, values, base, target) {
  const seconds = (list) => `${(median(list) / 1000).toFixed(1)} s`;
  const detail = `${seconds(values)} / ${seconds(base)}, medians of ${values.length}`;
  row(what, median(values) / median(base), "×", target, detail);
}

/** Fresh starts on both images in turn, so that a slow minute hits both. */
async function compareImages(image) {
  const pulled = { LABS_NODE_IMAGE: image };
  const built = { LABS_NODE_IMAGE: "" };
  const times = { built: [], pulled: [] };
  const fit = await labsWith(pulled, "setup");
  if (fit.exitCode !== 0) throw new Error(fit.stderr);
  for (let round = 0; round < rounds; round += 1) {
    await labs("down");
    times.built.push(await start(built));
    await labs("down");
    times.pulled.push(await start(pulled));
  }
  over("cold start on the pulled image / on the image that is built", times.pulled, times.built, 1.15);
}

/** The newest pass in each lab's record. */
async function lastPasses() {
  const records = await glob("labs/*/proof.json", { cwd: join(import.meta.dirname, ".."), absolute: true });
  const proofs = await Promise.all(records.map(async (file) => JSON.parse(await readFile(file, "utf8"))));
  return proofs.flatMap(({ pass, passes }) => pass ?? passes?.at(-1) ?? []);
}

/** All that design promises. */
async function compareAll() {
  await ratio("labs --help / an empty Node program", ["--help"], 1.5);
  await ratio("labs list / an empty Node program", ["list"], 3);

  const plain = [];
  const tuned = [];
  const cold = [];
  const warm = [];
  const stops = [];
  for (let round = 0; round < rounds; round += 1) {
    plain.push(await plainKind(false));
    tuned.push(await plainKind(true));
    await labs("down");
    cold.push(await start());
    stops.push((await timed(() => labs("stop"))).ms);
    warm.push(await start());
    if (round < rounds - 1) stops.push((await timed(() => labs("stop"))).ms);
  }
  over("cold start, without the symptom's own time / kind create cluster as it comes", cold, plain, 1.4);
  over("warm start, likewise", warm, plain, 0.4);
  over("cold start / kind create cluster with the settings of labs", cold, tuned);
  over("warm start, likewise", warm, tuned);

  const fix = join(import.meta.dirname, "..", "labs", lab, "fixes");
  const [script] = await fs.readdir(fix);
  await labs("shell", "bash", join(fix, script));
  const verdict = JSON.parse((await labs("verify", "--json")).stdout);
  const experiments = new Set(verdict.results.map((result) => result.experiment).filter(Boolean)).size;
  const overhead = (verdict.durationMs - verdict.windowsMs) / 1000;
  const allowed = 1.5 + experiments;
  row(
    "verify, time outside windows, actions and settling",
    overhead,
    "s",
    allowed,
    `${experiments} experiments, exit ${verdict.exitCode}`,
  );
  stops.push((await timed(() => labs("stop"))).ms);
  row("stop, sandbox proven clean", median(stops) / 1000, "s", 5, `median of ${stops.length}`);

  const passes = await lastPasses();
  const cases = passes.reduce((sum, pass) => sum + pass.cases, 0);
  const seconds = passes.reduce((sum, pass) => sum + pass.seconds, 0);
  const library = `last recorded pass of ${passes.length} labs, ${cases} cases, one job`;
  if (cases > 0) row("prove, seconds a case over the library", seconds / cases, "s", 60, library);
}

try {
  if (argv.pulled) await compareImages(argv.pulled);
  else await compareAll();
} finally {
  await labs("down");
  await rm(home, { recursive: true, force: true });
}

if (argv.json) echo(JSON.stringify(rows, null, 2));
else {
  for (const { what, value, unit, target, met, detail } of rows) {
    const mark = met === undefined ? "·" : met ? "✓" : "✗";
    const goal = target === undefined ? "(no target)" : `(target ${target} ${unit})`;
    echo(`${mark} ${`${value} ${unit}`.padStart(8)}  ${goal}  ${what}\n            ${detail}`);
  }
}
