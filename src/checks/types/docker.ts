import { z } from "zod";
import type { ContainerState } from "../../docker/docker.ts";
import { bounds, boundsText, comparisonText, isWithin, operators, satisfies, shown } from "../../lib/compare.ts";
import { isPath, readPath } from "../../lib/path.ts";
import { ago } from "../../lib/text.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import { type Rule, defineCheck, verdict } from "../check.ts";
import { withLimitInForce } from "../../system/cpu.ts";
import { dockerOf } from "../../system/objects.ts";

const params = z
  .strictObject({
    container: z.string(),
    path: z
      .string()
      .refine(isPath, "write a path as HostConfig.NanoCpus")
      .optional()
      .describe("Path into docker inspect"),
    op: z.enum(operators).optional(),
    value: z.unknown().optional(),
    default: z.unknown().optional(),
    running: z.boolean().optional(),
    health: z.enum(["none", "starting", "healthy", "unhealthy"]).optional(),
    exitCode: z.number().int().optional().describe("Of a container that has ended"),
    cpus: bounds.optional().describe("CPU limit, however it was set; without one it is beyond any bound"),
    logs: z.string().optional().describe("Regular expression; one of the last 1000 lines matches"),
  })
  .refine(({ path, op }) => (path === undefined) === (op === undefined), "path and op go together")
  .refine(
    ({ path, running, health, exitCode, cpus, logs }) =>
      [path, running, health, exitCode, cpus, logs].some((one) => one !== undefined),
    "say what to look at: path, running, health, exitCode, cpus or logs",
  );

type Params = z.infer<typeof params>;

function stateRules(given: Params, state: ContainerState): Rule[] {
  const { path, op, value, running, health, exitCode, cpus } = given;
  const rules: Rule[] = [];
  if (path !== undefined && op !== undefined) {
    const values = readPath(state.raw, path).map((one) => one ?? given.default);
    const expected = `${path} ${comparisonText(op, value)}`;
    rules.push({
      expected,
      observed: `${path} ${values.map(shown).join(", ")}`,
      holds: values.every((one) => satisfies(one, op, value)),
    });
  }
  if (cpus !== undefined) {
    const limit = state.nanoCpus === 0 ? Infinity : state.nanoCpus / 1e9;
    const observed = limit === Infinity ? "no CPU limit" : `a limit of ${limit} CPUs`;
    rules.push({ expected: `a limit of ${boundsText(cpus)} CPUs`, observed, holds: isWithin(limit, cpus) });
  }
  const status = `status ${state.status}`;
  if (running !== undefined) {
    rules.push({
      expected: running ? "running" : "not running",
      observed: status,
      holds: (state.status === "running") === running,
    });
  }
  if (health !== undefined)
    rules.push({ expected: health, observed: `health ${state.health}`, holds: state.health === health });
  if (exitCode !== undefined) {
    const ended = state.status === "exited" || state.status === "dead";
    const observed = ended ? `exit ${state.exitCode}` : status;
    rules.push({ expected: `exit ${exitCode}`, observed, holds: ended && state.exitCode === exitCode });
  }
  return rules;
}

/** A container of a Docker lab: what inspect says, its health, end and logs. */
export const docker = defineCheck<Params>({
  name: "docker",
  summary: "A container is as told: a field of inspect, running, health, exit code, a line of its logs",
  reads: ["sandbox"],
  needs: ["containers"],
  racy: true,
  params,
  async run(given, context) {
    const sandbox = dockerOf(context);
    const name = containerName(sandbox, given.container);
    const state = await sandbox.docker.inspect(name);
    const lookAt = given.logs === undefined ? `docker inspect ${name}` : `docker logs ${name}`;
    if (state === undefined)
      return verdict(false, `container ${given.container} is as told`, "no such container", { lookAt });
    const rules = stateRules(
      given,
      given.cpus === undefined ? state : await withLimitInForce(context, given.container, state),
    );
    if (given.logs !== undefined) {
      const pattern = new RegExp(given.logs);
      const lines = (await sandbox.docker.logs(name, { tailLines: 1000 })).split("\n");
      const line = lines.findLast((one) => pattern.test(one));
      const last = lines.findLast((one) => one.trim() !== "") ?? "(empty)";
      const observed = line ?? `no match, last line ${last}`;
      rules.push({
        expected: `log line /${given.logs}/`,
        observed: observed.trim().slice(0, 160),
        holds: line !== undefined,
      });
    }
    const passed = rules.every((rule) => rule.holds);
    const telling = passed ? rules : rules.filter((rule) => !rule.holds);
    const since = ago(state.startedAt, context.rt.clock.now());
    const observed = `${telling.map((rule) => rule.observed).join("; ")}${since === "" ? "" : ` (started ${since})`}`;
    const expected = `container ${given.container}: ${rules.map((rule) => rule.expected).join(", ")}`;
    return verdict(passed, expected, observed, { lookAt });
  },
});
