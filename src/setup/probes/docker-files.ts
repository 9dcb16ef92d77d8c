import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../../lib/make-folder.ts";
import type { Runtime } from "../../runtime.ts";
import { asRoot } from "../install-cure.ts";
import { engineVersion } from "../engine.ts";
import { which } from "../which.ts";
import type { Probe } from "./finding.ts";

/** Can the `docker` command read a file in this folder? Leaves nothing behind: the image that it asks for does not exist. */
async function readsIn(rt: Runtime, folder: string): Promise<boolean> {
  const made = await makeFolder(folder);
  const file = join(folder, `doctor-${rt.host.pid}-${randomBytes(3).toString("hex")}`);
  try {
    await writeFile(file, "A=b\n");
    const argv = ["docker", "create", "--pull", "never", "--env-file", file, "labs/none:doctor"] as const;
    const { stderr } = await rt.exec([...argv], { allowFailure: true, timeoutMs: 20_000 });
    return !/no such file|permission denied|not permitted/i.test(stderr);
  } finally {
    await rm(made ?? file, { recursive: true, force: true });
  }
}

/** A `docker` that came as a snap reads neither folders whose name starts with a dot nor /tmp; labs hand it files in both. */
export const dockerFilesProbe: Probe = {
  id: "docker-files",
  name: "files for docker",
  async look(rt) {
    const program = await which(rt, "docker");
    if (program === undefined || !program.endsWith("/snap/bin/docker"))
      return { level: "ok", found: "docker is no snap and reads any folder" };
    await engineVersion(rt);
    const lacking: string[] = [];
    for (const folder of [rt.paths.home, rt.paths.data, tmpdir()]) {
      if (!(await readsIn(rt, folder))) lacking.push(folder);
    }
    if (lacking.length === 0) return { level: "ok", found: `${program} reads our folders` };
    return {
      level: "missing",
      found: `${program} is a snap and cannot read ${lacking.join(", ")}`,
      cure: `${asRoot(rt, "snap remove docker")}, then install Docker Engine: https://docs.docker.com/engine/install/`,
    };
  },
};
