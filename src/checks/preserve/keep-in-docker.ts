import type { ContainerState } from "../../docker/docker.ts";
import type { CheckContext } from "../check.ts";
import { withLimitInForce } from "../../system/cpu.ts";
import { dockerOf } from "../../system/objects.ts";
import { containerArgs, containerImage, containerLimits, type ContainerRule } from "./container-rules.ts";
import type { Kept, Keyword } from "./kept.ts";

const rulesOf: Partial<Record<Keyword, ContainerRule>> = {
  image: containerImage,
  limits: containerLimits,
  args: containerArgs,
};

/** Compares the containers of a Docker lab with the reference, by name. */
export async function keepInDocker(
  keep: readonly Keyword[],
  context: CheckContext,
  base: readonly ContainerState[],
): Promise<Kept> {
  const sandbox = dockerOf(context);
  const rules = keep.map((keyword) => {
    const rule = rulesOf[keyword];
    if (rule === undefined) throw new Error(`preserve: a Docker lab has no ${keyword}`);
    return rule;
  });
  if (base.length === 0) throw new Error("the reference of this session holds no containers");
  const problems = await Promise.all(
    base.map(async (reference) => {
      const short = reference.name.replace(`${sandbox.name}-`, "");
      const state = await sandbox.docker.inspect(reference.name);
      if (state === undefined) return { name: reference.name, found: [`container ${short} is gone`] };
      const live = keep.includes("limits") ? await withLimitInForce(context, short, state) : state;
      return { name: reference.name, found: rules.flatMap((rule) => rule(reference, live, short)) };
    }),
  );
  const spoilt = problems.find(({ found }) => found.length > 0);
  return {
    problems: problems.flatMap(({ found }) => found),
    lookAt: spoilt === undefined ? undefined : `docker inspect ${spoilt.name}`,
  };
}
