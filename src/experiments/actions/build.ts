import { z } from "zod";
import { environmentError } from "../../errors.ts";
import { duration } from "../../lab/duration.ts";
import { buildFolder, builders } from "../../sandbox/docker/build-image.ts";
import { sandboxLabels } from "../../sandbox/docker/sandbox-name.ts";
import { workspaceDir } from "../../session/workspace.ts";
import { defineAction } from "../action.ts";
import { built, experimentImage } from "../built-image.ts";

/** Builds what stands in the workspace now, with every builder that this machine has. */
export const build = defineAction({
  name: "build",
  summary:
    "Build what stands in the workspace, without network, with the engine's own builder and with BuildKit where there is one",
  providers: ["docker"],
  params: z.strictObject({ container: built, within: duration.prefault("300s") }),
  async run({ container, within }, { rt, lab, sandbox, journal, progress }) {
    const folder = lab.containers.find(({ name }) => name === container)?.build;
    if (folder === undefined) throw environmentError(`container ${container} is not built from the workspace`);
    const image = experimentImage(sandbox, container);
    const taken: Record<string, number> = {};
    for (const builder of await builders(rt)) {
      const tag = builder === "classic" ? image : `${image}-${builder}`;
      const sentence = "an image that an experiment had built was removed";
      await journal.open({ undo: "remove-image", params: { name: tag }, sentence });
      const dir = workspaceDir(rt, folder);
      const labels = sandboxLabels(sandbox.name);
      const end = await buildFolder(rt, builder, { tag, dir, labels, timeoutMs: within, onLine: progress });
      if (!end.ok) return { finished: false, detail: `${folder} does not build (${builder}): ${end.said}` };
      taken[builder] = end.seconds;
    }
    const made = await sandbox.docker.image(image);
    if (made === undefined) throw environmentError(`the image ${image} is gone after it was built`);
    const { id, sizeBytes } = made;
    const seconds = Object.entries(taken).map(([builder, value]) => `${value} s (${builder})`);
    return {
      finished: true,
      detail: `${folder} built in ${seconds.join(", ")}, ${Math.round(sizeBytes / 1e6)} MB`,
      targets: [container],
      data: { container, image: id, sizeBytes, seconds: taken },
    };
  },
});
