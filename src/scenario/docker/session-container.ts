import { gunzipSync, gzipSync } from "node:zlib";
import { labelKeys } from "../../images/labels.ts";
import { sandboxLabels } from "../../sandbox/docker/sandbox-name.ts";
import { type DockerSandbox, containerName } from "../../sandbox/sandbox.ts";
import { sessionSchema } from "../../session/schema.ts";
import type { Session } from "../../session/session.ts";

/** Labels cannot be changed later, so the session sits on a container of its own that never runs. */
const short = "session";
const label = `${labelKeys.sandbox}.session`;

/** Writes the session into the sandbox. */
export async function writeSessionContainer(sandbox: DockerSandbox, session: Session, image: string): Promise<void> {
  const name = containerName(sandbox, short);
  await sandbox.docker.remove(name);
  const text = gzipSync(JSON.stringify(session)).toString("base64");
  await sandbox.docker.create({
    name,
    image,
    args: ["version"],
    labels: { ...sandboxLabels(sandbox.name), [label]: text },
  });
}

/** The session that the sandbox knows of; undefined without one, or with one that cannot be read. */
export async function readSessionContainer(sandbox: DockerSandbox): Promise<Session | undefined> {
  const text = (await sandbox.docker.inspect(containerName(sandbox, short)))?.labels[label];
  if (text === undefined) return undefined;
  try {
    return sessionSchema.parse(JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString("utf8")));
  } catch {
    return undefined;
  }
}
