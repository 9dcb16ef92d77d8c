import { z } from "zod";
import type { ActionContext } from "./action.ts";
import type { Member } from "./member.ts";

const shape = z.record(z.string(), z.looseObject({ value: z.string(), source: z.string() }));

/** The settings that a running service uses, by name. */
export type EffectiveConfig = z.infer<typeof shape>;

function parsed(body: string): EffectiveConfig | undefined {
  try {
    return shape.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** Asks one pod for the settings that it runs with; a sentence where it does not tell. */
export async function readConfig(
  { sandbox }: Pick<ActionContext, "sandbox">,
  member: Member,
  port: number,
): Promise<EffectiveConfig | string> {
  const answer = await sandbox.agent.request({ url: `http://${member.host}:${port}/config`, timeoutMs: 5000 });
  const seen = answer.status === 0 ? `${answer.kind}: ${answer.error}` : `status ${answer.status}`;
  return parsed(answer.body) ?? `${member.name} does not tell its settings at port ${port}, /config: ${seen}`;
}
