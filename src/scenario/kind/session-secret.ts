import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import type { Kube } from "../../kube/kube.ts";
import { systemNamespace } from "../../sandbox/sandbox.ts";
import { sessionSchema } from "../../session/schema.ts";
import type { Session } from "../../session/session.ts";

const ref = { apiVersion: "v1", kind: "Secret", name: "session", namespace: systemNamespace } as const;
const secret = z.looseObject({ data: z.looseObject({ session: z.string() }) });

/** Writes the session into the cluster; compressed, because the reference holds whole objects and a Secret holds 1 MiB. */
export async function writeSessionSecret(kube: Kube, session: Session): Promise<void> {
  const { name, namespace, apiVersion, kind } = ref;
  const data = { session: gzipSync(JSON.stringify(session)).toString("base64") };
  if ((await kube.get(ref)) !== undefined) await kube.patch(ref, { data }, "merge");
  else await kube.create({ apiVersion, kind, metadata: { name, namespace }, type: "Opaque", data });
}

/** The session that the cluster knows of; undefined without one, or with one that cannot be read. */
export async function readSessionSecret(kube: Kube): Promise<Session | undefined> {
  const found = secret.safeParse(await kube.get(ref));
  if (!found.success) return undefined;
  try {
    return sessionSchema.parse(JSON.parse(gunzipSync(Buffer.from(found.data.data.session, "base64")).toString("utf8")));
  } catch {
    return undefined;
  }
}

/** Takes the session out of the cluster. */
export async function removeSessionSecret(kube: Kube): Promise<void> {
  await kube.delete(ref);
}
