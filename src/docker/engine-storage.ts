import type Dockerode from "dockerode";
import type { Docker } from "./docker.ts";
import { engineCall, engineLookup } from "./engine-call.ts";

/** The calls about volumes and images. */
export function engineStorage(engine: Dockerode): Pick<Docker, "volumes" | "removeVolume" | "image"> {
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
    async image(ref) {
      const info = await engineLookup(`docker image inspect ${ref}`, () => engine.getImage(ref).inspect());
      return info === undefined ? undefined : { id: info.Id, sizeBytes: info.Size, labels: info.Config.Labels ?? {} };
    },
  };
}
