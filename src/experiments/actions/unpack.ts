import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { environmentError } from "../../lib/errors.ts";
import type { Runtime } from "../../runtime.ts";
import { sandboxLabels } from "../../sandbox/docker/sandbox-name.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import { defineAction } from "../action.ts";
import { built, experimentImage } from "./built-image.ts";
import { containersOf } from "../../sandbox/capabilities.ts";

/** The number of a user that an image gives by name; undefined where it gives a number, or its own list of users does not know the name. */
async function numberOf(rt: Runtime, user: string, archive: string): Promise<string | undefined> {
  const [name = ""] = user.split(":");
  if (/^\d*$/.test(name)) return undefined;
  const { exitCode, stdout } = await rt.exec(["tar", "-xOf", archive, "etc/passwd"], { allowFailure: true });
  const lines = exitCode === 0 ? stdout.split("\n").map((line) => line.split(":")) : [];
  return lines.find(([first]) => first === name)?.[2];
}

/** Files that run with the rights of their owner, whoever starts them. */
async function setuidFiles(rt: Runtime, archive: string, names: readonly string[]): Promise<string[]> {
  // Each tar has its own columns after the mode, but the same files in the same order as in the list of names.
  const { stdout } = await rt.exec(["tar", "-tvf", archive]);
  const modes = stdout.split("\n");
  return names.filter((name, at) => !name.endsWith("/") && /^...[sS]/.test(modes[at] ?? ""));
}

/** Lists what is in an image that was built: sizes, user, files. */
export const unpack = defineAction({
  name: "unpack",
  summary: "List the files of what `build` made, as a container of it would see them, beside its size and its user",
  needs: ["containers"],
  params: z.strictObject({
    built,
    beside: z.string().optional().describe("An image whose size it is compared with"),
  }),
  async run(given, { rt, sandbox, journal }) {
    const { docker } = containersOf(sandbox);
    const image = experimentImage(sandbox, given.built);
    const [made, other] = await Promise.all([
      docker.image(image),
      given.beside === undefined ? undefined : docker.image(given.beside),
    ]);
    if (made === undefined) return { finished: false, detail: `nothing was built from ${given.built}` };
    if (given.beside !== undefined && other === undefined)
      throw environmentError(`the image ${given.beside} is missing`);
    const short = `files-${randomBytes(3).toString("hex")}`;
    const full = containerName(sandbox, short);
    const sentence = "a container of an experiment was removed";
    await journal.open({ undo: "remove-container", params: { name: full }, sentence });
    // It is never started; an image without any command needs one to be made a container of.
    await docker.create({ name: full, image, args: ["none"], labels: sandboxLabels(sandbox.name) });
    const archive = join(tmpdir(), `labs-${full}.tar`);
    try {
      await rt.exec(["docker", "export", "-o", archive, full]);
      const { stdout } = await rt.exec(["tar", "-tf", archive]);
      const names = stdout.split("\n");
      const files = names.filter((line) => line !== "" && !line.endsWith("/"));
      const setuid = await setuidFiles(rt, archive, names);
      const { sizeBytes, user } = made;
      const uid = await numberOf(rt, user, archive);
      return {
        finished: true,
        detail: `${files.length} files, ${(sizeBytes / 1e6).toFixed(1)} MB, user ${user === "" ? "root" : user}`,
        targets: [given.built],
        data: {
          files,
          setuid,
          sizeBytes,
          user,
          ...(uid === undefined ? {} : { uid }),
          ...(other === undefined ? {} : { besideBytes: other.sizeBytes }),
        },
      };
    } finally {
      await rm(archive, { force: true });
    }
  },
});
