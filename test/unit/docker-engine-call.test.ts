import { describe, expect, it } from "vitest";
import { connectDocker } from "../../src/docker/client.ts";
import { engineCall, engineLookup } from "../../src/docker/engine-call.ts";

const refusal = (statusCode: number, message: string) => Object.assign(new Error(message), { statusCode });

describe("a call to the engine", () => {
  it("that is refused carries the status and the engine's own words", async () => {
    const call = engineCall("docker rm x", () =>
      Promise.reject(refusal(409, "(HTTP code 409) conflict - removal of container x is already in progress ")),
    );
    await expect(call).rejects.toMatchObject({
      name: "DockerError",
      message: "docker rm x: removal of container x is already in progress",
      status: 409,
      unreachable: false,
    });
  });

  it("that takes too long is aborted and counts as unreachable", async () => {
    let aborted = false;
    const call = engineCall(
      "docker ps",
      (signal) => new Promise(() => signal.addEventListener("abort", () => (aborted = true))),
      10,
    );
    await expect(call).rejects.toMatchObject({
      unreachable: true,
      message: expect.stringContaining("did not answer within"),
    });
    expect(aborted).toBe(true);
  });

  it("for something that is not there is undefined, and only then", async () => {
    await expect(engineLookup("x", () => Promise.reject(refusal(404, "gone")))).resolves.toBeUndefined();
    await expect(engineLookup("x", () => Promise.reject(refusal(500, "broken")))).rejects.toMatchObject({
      status: 500,
    });
  });

  it("without an engine is unreachable", async () => {
    const docker = await connectDocker({ DOCKER_HOST: "unix:///nonexistent/docker.sock" });
    await expect(docker.version()).rejects.toMatchObject({ name: "DockerError", unreachable: true });
    await expect(docker.inspect("x")).rejects.toMatchObject({ unreachable: true });
  });
});
