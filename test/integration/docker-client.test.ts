import { afterEach, expect, it } from "vitest";
import { goAppImage } from "../../src/images/versions.ts";
import { describeDocker, docker } from "./docker-engine.ts";

const label = { "dev.labs.test": "client" };
const names: string[] = [];
const unique = (short: string) => {
  const name = `labs-test-${process.pid}-${short}`;
  names.push(name);
  return name;
};

describeDocker("the engine adapter", () => {
  afterEach(async () => {
    await Promise.all(names.splice(0).map((name) => docker.remove(name)));
  });

  it("runs, inspects, lists and removes a container", async () => {
    const name = unique("round");
    const made = await docker.run({
      name,
      image: goAppImage,
      args: ["sleep", "60"],
      env: { A: "1=2" },
      labels: label,
      cpus: 0.5,
      memoryBytes: 64 * 1024 * 1024,
    });
    expect(made).toMatchObject({
      name,
      image: goAppImage,
      status: "running",
      env: { A: "1=2" },
      labels: label,
      args: ["sleep", "60"],
      entrypoint: ["/app"],
      nanoCpus: 500_000_000,
      memoryBytes: 64 * 1024 * 1024,
      health: "none",
      networks: ["bridge"],
    });
    await expect(docker.containers({ label: "dev.labs.test=client", namePrefix: name })).resolves.toHaveLength(1);
    await expect(docker.containers({ label: "dev.labs.test=other" })).resolves.toEqual([]);
    await expect(docker.remove(name)).resolves.toBe(true);
    await expect(docker.remove(name)).resolves.toBe(false);
    await expect(docker.inspect(name)).resolves.toBeUndefined();
  });

  it("tells how a container ended, and stops a stopped one without complaint", async () => {
    const name = unique("ended");
    await docker.run({ name, image: goAppImage, args: ["sleep", "60"] });
    await docker.stop(name, 5);
    await docker.stop(name, 5);
    await expect(docker.inspect(name)).resolves.toMatchObject({ status: "exited" });
    await docker.start(name);
    await docker.pause(name);
    await expect(docker.inspect(name)).resolves.toMatchObject({ status: "paused" });
    await docker.unpause(name);
    await docker.kill(name);
    await expect(docker.inspect(name)).resolves.toMatchObject({ exitCode: 137 });
  });

  it("runs a command inside, with its streams apart and its exit code", async () => {
    const name = unique("exec");
    await docker.run({ name, image: goAppImage, args: ["sleep", "60"] });
    await expect(docker.exec(name, ["/app", "version"])).resolves.toMatchObject({ exitCode: 0, stdout: "v1\n" });
    const wrong = await docker.exec(name, ["/app", "nonsense"]);
    expect(wrong).toMatchObject({ exitCode: 2, stdout: "" });
    expect(wrong.stderr).toContain('unknown role "nonsense"');
    // A program that does not read its input still ends.
    await expect(docker.exec(name, ["/app", "version"], { input: "x" })).resolves.toMatchObject({ stdout: "v1\n" });
    await expect(docker.exec(name, ["/app", "sleep", "20"], { timeoutMs: 300 })).rejects.toThrow(
      /did not end within 0.3 s/,
    );
  });

  it("reads both streams of the log", async () => {
    const name = unique("logs");
    await docker.run({ name, image: goAppImage, args: ["help"] });
    await expect.poll(() => docker.logs(name)).toContain("usage: app");
    await expect(docker.logs(name, { tailLines: 1 })).resolves.toBe("  help       print this text\n");
  });

  it("leaves nothing behind when the start fails", async () => {
    const name = unique("broken");
    const start = docker.run({ name, image: goAppImage, entrypoint: ["/no-such-file"] });
    await expect(start).rejects.toMatchObject({ name: "DockerError", status: 400, unreachable: false });
    await expect(docker.inspect(name)).resolves.toBeUndefined();
  });

  it("saves an image with its name", async () => {
    const archive = Buffer.from(await docker.saveImage(goAppImage));
    expect(archive.includes("manifest.json")).toBe(true);
    expect(archive.includes(`"${goAppImage}"`)).toBe(true);
    const missing = docker.saveImage("labs/no-such-image:v0");
    await expect(missing).rejects.toMatchObject({ name: "DockerError", unreachable: false });
    await expect(missing).rejects.toThrow(/^docker save labs\/no-such-image:v0: ./);
  });

  it("says which image is missing", async () => {
    const run = docker.run({ name: unique("missing"), image: "labs/no-such-image:v0" });
    await expect(run).rejects.toMatchObject({ status: 404, message: expect.stringContaining("labs/no-such-image:v0") });
    await expect(docker.image("labs/no-such-image:v0")).resolves.toBeUndefined();
  });
});
