import { existsSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { environmentError } from "../../lib/errors.ts";
import { duration } from "../../lib/units.ts";
import { buildFolder, builders } from "../../sandbox/docker/build-image.ts";
import { sandboxLabels } from "../../sandbox/docker/sandbox-name.ts";
import { workspaceDir } from "../../session/workspace.ts";
import { defineAction } from "../action.ts";
import { built, experimentImage } from "./built-image.ts";
import { containersOf } from "../../sandbox/capabilities.ts";

const fileName = z.string().regex(/^[A-Za-z0-9_][\w.-]*$/, "name a file at the top of the workspace");

/** Gives `work` the folder, or where files are to hold other texts a copy of it, which is removed. */
async function withFiles<T>(
  folder: string,
  files: Readonly<Record<string, string>>,
  work: (dir: string) => Promise<T>,
): Promise<T> {
  if (Object.keys(files).length === 0 || !existsSync(folder)) return work(folder);
  const dir = await mkdtemp(join(tmpdir(), "labs-build-"));
  try {
    await cp(folder, dir, { recursive: true, verbatimSymlinks: true });
    for (const [name, text] of Object.entries(files)) {
      // Not through a link into somebody else's file.
      await rm(join(dir, name), { recursive: true, force: true });
      await writeFile(join(dir, name), text);
    }
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/**
 * Builds what stands in the workspace now. What one builder of this machine can build is built: people write for the one that they have, and
 * neither knows all that the other does.
 */
export const build = defineAction({
  name: "build",
  summary:
    "Build what stands in the workspace, without network, with BuildKit where there is one, or else with the engine's own builder",
  needs: ["containers"],
  params: z.strictObject({
    container: built,
    files: z
      .record(fileName, z.string())
      .default({})
      .describe("Texts that files at the top of the workspace have in this build only, as in a later delivery"),
    within: duration.prefault("300s"),
  }),
  async run({ container, files, within }, { rt, lab, sandbox, journal, progress }) {
    const folder = lab.containers.find(({ name }) => name === container)?.build;
    if (folder === undefined) throw environmentError(`container ${container} is not built from the workspace`);
    const image = experimentImage(sandbox, container);
    const sentence = "an image that an experiment had built was removed";
    await journal.open({ undo: "remove-image", params: { name: image }, sentence });
    const labels = sandboxLabels(sandbox.name);
    let refused = "";
    for (const builder of await builders(rt)) {
      const end = await withFiles(workspaceDir(rt, folder), files, (dir) =>
        buildFolder(rt, builder, { tag: image, dir, labels, timeoutMs: within, onLine: progress }),
      );
      if (!end.ok) {
        refused ||= `(${builder}): ${end.said}`;
        continue;
      }
      const made = await containersOf(sandbox).docker.image(image);
      if (made === undefined) throw environmentError(`the image ${image} is gone after it was built`);
      const { id, sizeBytes } = made;
      return {
        finished: true,
        detail: `${folder} built in ${end.seconds} s (${builder}), ${Math.round(sizeBytes / 1e6)} MB`,
        targets: [container],
        data: { container, image: id, sizeBytes, builder, seconds: end.seconds },
      };
    }
    return { finished: false, detail: `${folder} does not build ${refused}` };
  },
});
