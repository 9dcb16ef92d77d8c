import { describe } from "vitest";
import { connectDocker } from "../../src/docker/client.ts";
import type { Docker } from "../../src/docker/docker.ts";
import { messageOf } from "../../src/lib/errors.ts";
import { goAppImage } from "../../src/images/versions.ts";

async function reason(docker: Docker): Promise<string | undefined> {
  try {
    await docker.version();
  } catch (error) {
    return messageOf(error);
  }
  return (await docker.image(goAppImage)) === undefined ? `there is no image ${goAppImage}: labs setup` : undefined;
}

/** The engine of this machine. */
export const docker: Docker = await connectDocker(process.env);

const missing = await reason(docker);
if (missing !== undefined) {
  if (process.env["LABS_REQUIRE_DOCKER"] === "1") throw new Error(`LABS_REQUIRE_DOCKER=1, but ${missing}`);
  process.stderr.write(`skipped: ${missing}\n`);
}

/** Runs against the real engine; skipped with a printed reason where there is none, unless LABS_REQUIRE_DOCKER=1. */
export const describeDocker: typeof describe | typeof describe.skip = missing === undefined ? describe : describe.skip;
