import Dockerode from "dockerode";
import { expect, it, vi } from "vitest";
import { engineStorage } from "../../src/docker/engine-storage.ts";

/** An engine that answers the removal of an image with this. */
function storage(answer: () => Promise<unknown>) {
  const engine = new Dockerode({ host: "127.0.0.1", port: 1 });
  const image = engine.getImage("labs-abc123-web");
  vi.spyOn(image, "remove").mockImplementation(answer);
  vi.spyOn(engine, "getImage").mockReturnValue(image);
  return engineStorage(engine);
}

function refused(statusCode: number, message: string) {
  return () => Promise.reject(Object.assign(new Error(message), { statusCode, json: { message } }));
}

it.each([
  ["is there", () => Promise.resolve([]), true],
  ["is not there", refused(404, "No such image: labs-abc123-web:latest"), false],
  ["is used", refused(409, "conflict: unable to remove repository reference"), false],
  ["goes by another name at this moment", refused(500, "unrecognized image ID sha256:1234"), true],
])("tells what came of removing an image that %s", async (_name, answer, removed) => {
  expect(await storage(answer).removeImage("labs-abc123-web")).toBe(removed);
});

it("tells why an image cannot be removed", async () => {
  await expect(storage(refused(500, "no space left")).removeImage("labs-abc123-web")).rejects.toThrow(
    "docker rmi labs-abc123-web: no space left",
  );
});
