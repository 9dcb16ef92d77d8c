import { environmentError, LabsError, messageOf } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { which } from "./which.ts";

/** How to get an engine that answers, as one command or sentence. */
export async function engineCure(rt: Runtime): Promise<string> {
  const host = rt.env["DOCKER_HOST"];
  if (host !== undefined && host !== "") return `start the engine at DOCKER_HOST=${host}, or unset DOCKER_HOST`;
  if (rt.program.startsWith("npm ")) return `${rt.program} setup`;
  if (rt.host.platform === "darwin") return "start Docker Desktop (or OrbStack, or colima start)";
  const installed = (await which(rt, "dockerd")) !== undefined;
  if (!installed) return "install Docker Engine: https://docs.docker.com/engine/install/";
  return rt.host.uid === 0 ? "systemctl start docker" : "sudo systemctl start docker";
}

/** Version of the engine that answers; throws with the cure when none does. Honours DOCKER_HOST. */
export async function engineVersion(rt: Runtime): Promise<string> {
  try {
    const { stdout } = await rt.exec(["docker", "version", "--format", "{{.Server.Version}}"], { timeoutMs: 10_000 });
    return stdout.trim();
  } catch (error) {
    if (error instanceof LabsError && error.exitCode !== 3) throw error;
    const denied = messageOf(error).includes("permission denied");
    throw environmentError(
      denied ? "the Docker engine does not let this user in" : "the Docker engine does not answer",
      { cure: denied ? "sudo usermod -aG docker $USER, then log in again" : await engineCure(rt), cause: error },
    );
  }
}

/** One label of an image: undefined without the image, "" without the label. */
export async function imageLabel(rt: Runtime, ref: string, label: string): Promise<string | undefined> {
  const format = `{{with .Config}}{{with .Labels}}{{index . ${JSON.stringify(label)}}}{{end}}{{end}}`;
  const result = await rt.exec(["docker", "image", "inspect", "--format", format, ref], {
    allowFailure: true,
    timeoutMs: 20_000,
  });
  return result.exitCode === 0 ? result.stdout.trim() : undefined;
}
