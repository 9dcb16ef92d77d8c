import { z } from "zod";
import type { ContainerState } from "../docker/docker.ts";
import type { KubeObject } from "../kube/kube.ts";
import type { Session } from "./session.ts";

const kubeObject = z.custom<KubeObject>(
  (value) =>
    z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) }).safeParse(value).success,
);
const container = z.custom<ContainerState>(
  (value) => z.looseObject({ id: z.string(), name: z.string() }).safeParse(value).success,
);

const reference = z.discriminatedUnion("provider", [
  z.strictObject({ provider: z.literal("kind"), stage: z.array(kubeObject), base: z.array(kubeObject) }),
  z.strictObject({ provider: z.literal("docker"), stage: z.array(container), base: z.array(container) }),
]);

/** What version 0.1 kept here too; its events tell the same. */
const toldByEvents = {
  solvedAt: z.exactOptional(z.string()),
  gaveUpAt: z.exactOptional(z.string()),
  hintsShown: z.exactOptional(z.number()),
};

const stored = z.strictObject({
  version: z.literal(1),
  id: z.string().min(1),
  lab: z.strictObject({ id: z.string(), dir: z.string(), digest: z.string() }),
  variant: z.string(),
  seed: z.string(),
  startedAt: z.iso.datetime(),
  phase: z.enum(["starting", "running", "stopping"]),
  sandbox: z.strictObject({ provider: z.enum(["kind", "docker"]), name: z.string() }),
  values: z.record(z.string(), z.string()),
  reference: z.exactOptional(reference),
  faultAt: z.exactOptional(z.string()),
  workspace: z.exactOptional(z.string()),
  kept: z.exactOptional(z.literal(true)),
  ...toldByEvents,
  open: z.array(
    z.strictObject({
      id: z.string(),
      undo: z.string(),
      params: z.record(z.string(), z.unknown()),
      sentence: z.string(),
    }),
  ),
});

/** Session as stored: in the state file and in the sandbox. Anything else there counts as damaged. */
export const sessionSchema: z.ZodType<Session> = stored.transform(
  ({ solvedAt: _solvedAt, gaveUpAt: _gaveUpAt, hintsShown: _hintsShown, ...session }) => session,
);
