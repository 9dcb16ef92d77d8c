import { chosenBy, otherEngineCure, refuseSsh } from "../docker/dial-options.ts";
import { DockerError } from "../docker/docker-error.ts";
import { findEngine, type EngineAddress } from "../docker/find-engine.ts";
import { environmentError, LabsError, messageOf } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { asRoot } from "./install-cure.ts";
import { whichForRoot } from "./which.ts";

/** What starts the engines that bring a context of their own. */
const starters: Readonly<Record<string, string>> = {
  colima: "colima start",
  "desktop-linux": "start Docker Desktop",
  orbstack: "start OrbStack",
};

/** How to get an engine and its CLI. */
function engineInstall(rt: Runtime): string {
  return rt.host.platform === "darwin"
    ? "brew install --cask docker-desktop (or orbstack), and open it"
    : "install Docker Engine: https://docs.docker.com/engine/install/";
}

/** How to get an engine that answers, as one command or sentence. */
async function engineCure(rt: Runtime, engine: EngineAddress): Promise<string> {
  const { from, context } = engine;
  if (context !== undefined) {
    return `${starters[context] ?? `start the engine of ${chosenBy(engine)}`}, or ${otherEngineCure(engine)}`;
  }
  if (from === "DOCKER_HOST") return `start the engine at ${chosenBy(engine)}, or unset DOCKER_HOST`;
  if (rt.program.startsWith("npm ")) return `${rt.program} setup`;
  if (rt.host.platform === "darwin") return "start Docker Desktop (or OrbStack, or colima start)";
  const installed = (await whichForRoot(rt, "dockerd")) !== undefined;
  if (!installed) return engineInstall(rt);
  return asRoot(rt, "systemctl start docker");
}

/** Why `docker version` failed, in the CLI's own words where it has some, with the cure. */
async function whyNot(rt: Runtime, engine: EngineAddress, cause: unknown): Promise<LabsError> {
  // The first line is the command that was run.
  const [ran = "", ...output] = messageOf(cause).trimEnd().split("\n");
  const text = output.join("\n");
  if (ran.includes("no such program")) {
    return environmentError("there is no docker command on PATH", {
      cure: engineInstall(rt),
      cause,
    });
  }
  if (/permission denied/i.test(text)) {
    const cure =
      rt.host.platform === "darwin"
        ? "open Docker Desktop (or colima start) as this user"
        : "sudo usermod -aG docker $USER, then log in again";
    return environmentError("the Docker engine does not let this user in", { cure, cause });
  }
  // The second is what podman-docker, which is Podman under the CLI's name, makes of our question.
  if (/podman|define\.Version/i.test(text)) return podmanError(rt, engine);
  const own = output.at(-1) ?? "";
  const said = own.replace(/^Error response from daemon: /, "");
  if (/\b(x509|tls|HTTPS)\b/.test(own)) {
    return environmentError(said, {
      cure: "set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder with that engine's ca.pem, cert.pem and key.pem",
      cause,
    });
  }
  if (own === "" || /cannot connect|error during connect|failed to connect/i.test(text)) {
    return environmentError("the Docker engine does not answer", { cure: await engineCure(rt, engine), cause });
  }
  const asked = rt.env["DOCKER_API_VERSION"] ?? "";
  return environmentError(asked === "" ? said : `${said} (DOCKER_API_VERSION=${asked})`, {
    cure: asked === "" ? "update the Docker engine and the Docker CLI" : "unset DOCKER_API_VERSION",
    cause,
  });
}

function podmanError(rt: Runtime, engine: EngineAddress): DockerError {
  const cure = engine.from === "default" ? engineInstall(rt) : `use a Docker engine: ${otherEngineCure(engine)}`;
  return new DockerError(`Podman is not supported as an engine (${chosenBy(engine)})`, { cure, unsupported: true });
}

/** Throws for an API before that of Docker 20.10: the engine would understand half of what it is asked. */
function refuseOldApi(asked: string): void {
  const minor = /^v?1\.(\d+)$/.exec(asked)?.[1];
  if (minor === undefined || Number(minor) >= 41) return;
  throw environmentError(`DOCKER_API_VERSION=${asked} is too old: labs need 1.41 or newer`, {
    cure: "unset DOCKER_API_VERSION",
  });
}

/**
 * Version of the engine that answers, the one that the `docker` command would use. Throws a LabsError with the cure when none answers, and for
 * engines that this program does not work with: over ssh, and Podman.
 */
export async function engineVersion(rt: Runtime): Promise<string> {
  const engine = await findEngine(rt.env);
  refuseSsh(engine);
  refuseOldApi(rt.env["DOCKER_API_VERSION"] ?? "");
  const format = "{{.Server.Version}}{{range .Server.Components}}{{println}}{{.Name}}{{end}}";
  const { stdout } = await rt
    .exec(["docker", "version", "--format", format], { timeoutMs: 10_000 })
    .catch(async (error: unknown) => {
      if (error instanceof LabsError && error.exitCode !== 3) throw error;
      throw await whyNot(rt, engine, error);
    });
  const [version = "", ...components] = stdout.trim().split("\n");
  if (components.includes("Podman Engine")) throw podmanError(rt, engine);
  return version;
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
