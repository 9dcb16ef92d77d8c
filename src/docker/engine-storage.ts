import { addAbortSignal, Readable } from "node:stream";
import type Dockerode from "dockerode";
import type { Docker } from "./docker.ts";
import { DockerError } from "./docker-error.ts";
import { engineCall, engineLookup } from "./engine-call.ts";
import { readAll } from "./output.ts";

const maxArchiveBytes = 256 * 1024 * 1024;

/** The calls about volumes and images. */
export function engineStorage(
  engine: Dockerode,
): Pick<Docker, "volumes" | "removeVolume" | "image" | "images" | "removeImage" | "saveImage"> {
  return {
    async volumes(label) {
      const { Volumes } = await engineCall("docker volume ls", (abortSignal) =>
        engine.listVolumes({ ...(label === undefined ? {} : { filters: { label: [label] } }), abortSignal }),
      );
      return (Volumes ?? []).map(({ Name }) => Name).sort();
    },
    async removeVolume(name) {
      const what = `docker volume rm ${name}`;
      const removed = await engineLookup(what, (abortSignal) =>
        engine
          .getVolume(name)
          .remove({ abortSignal })
          .then(() => true),
      );
      return removed ?? false;
    },
    async images({ label, reference }) {
      const filters = {
        ...(label === undefined ? {} : { label: [label] }),
        ...(reference === undefined ? {} : { reference: [reference] }),
      };
      const found = await engineCall("docker images", (abortSignal) =>
        engine.listImages({ all: true, filters: JSON.stringify(filters), abortSignal }),
      );
      return found.map(({ Id, RepoTags }) => ({
        id: Id,
        tags: (RepoTags ?? []).filter((tag) => tag !== "<none>:<none>"),
      }));
    },
    async removeImage(ref) {
      const what = `docker rmi ${ref}`;
      try {
        const removed = await engineLookup(what, (abortSignal) => engine.getImage(ref).remove({ abortSignal }));
        return removed !== undefined;
      } catch (error) {
        // A container or an image that was made from it holds it.
        if (error instanceof DockerError && error.status === 409) return false;
        // Its last two names were removed at the same time: this one is gone, and the engine tried to remove the image twice.
        // https://github.com/docker/compose/issues/9763
        if (error instanceof DockerError && error.message.includes("unrecognized image ID")) return true;
        throw error;
      }
    },
    async saveImage(ref) {
      const what = `docker save ${ref}`;
      return engineCall(what, async (abortSignal) => {
        const archive = await engine.getImage(ref).get();
        return readAll(addAbortSignal(abortSignal, Readable.from(archive)), what, maxArchiveBytes);
      });
    },
    async image(ref) {
      const info = await engineLookup(`docker image inspect ${ref}`, () => engine.getImage(ref).inspect());
      if (info === undefined) return undefined;
      const { Id, Size, Config } = info;
      return { id: Id, sizeBytes: Size, user: Config.User ?? "", labels: Config.Labels ?? {} };
    },
  };
}
