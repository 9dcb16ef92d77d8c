import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { engineVariables } from "../../src/docker/dial-options.ts";
import { findEngine, type EngineEnv } from "../../src/docker/find-engine.ts";
import { describeDocker } from "./docker-engine.ts";

const endpoint = z.object({ Host: z.string(), SkipTLSVerify: z.boolean() });
const refused = "refused";

/** What the Docker CLI itself makes of an environment. */
async function askCli(env: EngineEnv): Promise<z.infer<typeof endpoint> | typeof refused> {
  const argv = ["context", "inspect", "--format", "{{json .Endpoints.docker}}"];
  const { exitCode, stdout } = await execa("docker", argv, { env, extendEnv: false, reject: false });
  return exitCode === 0 ? endpoint.parse(JSON.parse(stdout)) : refused;
}

async function askUs(env: EngineEnv): Promise<z.infer<typeof endpoint> | typeof refused> {
  return findEngine(env).then(
    ({ host, tls }) => ({ Host: host, SkipTLSVerify: tls?.verify === false }),
    () => refused,
  );
}

describeDocker("the engine that we find", () => {
  let home: string;
  const base = (): EngineEnv => ({ PATH: process.env["PATH"], HOME: home });
  const docker = async (...argv: string[]) =>
    execa("docker", argv, { env: { ...base(), DOCKER_HOST: "" }, extendEnv: false });

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "labs-engines-"));
    const certs = join(home, "certs");
    await mkdir(certs);
    for (const name of ["ca.pem", "cert.pem", "key.pem"]) await writeFile(join(certs, name), name);
    await docker("context", "create", "plain", "--docker", "host=unix:///run/plain.sock");
    await docker("context", "create", "lax", "--docker", "host=tcp://lax:2376,skip-tls-verify=true");
    await docker("context", "create", "far", "--docker", "host=ssh://me@far");
    await docker("context", "use", "plain");
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it.each<[string, (folder: string) => EngineEnv]>([
    ["nothing set", () => ({})],
    ["an empty DOCKER_CONTEXT", () => ({ DOCKER_CONTEXT: "", DOCKER_HOST: "", DOCKER_CONFIG: "" })],
    ["DOCKER_CONTEXT=default", () => ({ DOCKER_CONTEXT: "default" })],
    ["a context without verification", () => ({ DOCKER_CONTEXT: "lax" })],
    ["a context over ssh", () => ({ DOCKER_CONTEXT: "far" })],
    ["a context that is not there", () => ({ DOCKER_CONTEXT: "nix" })],
    ["DOCKER_HOST beside a context", () => ({ DOCKER_HOST: "tcp://box:1234", DOCKER_CONTEXT: "far" })],
    ["a host alone", () => ({ DOCKER_HOST: "box" })],
    ["a port alone", () => ({ DOCKER_HOST: ":99" })],
    ["a socket without a path", () => ({ DOCKER_HOST: "unix://" })],
    ["an unknown scheme", () => ({ DOCKER_HOST: "http://box" })],
    ["another folder", (folder) => ({ DOCKER_CONFIG: join(folder, "none") })],
    ["TLS without certificates", () => ({ DOCKER_HOST: "box", DOCKER_TLS_VERIFY: "0" })],
    ["TLS with certificates", (folder) => ({ DOCKER_TLS_VERIFY: "0", DOCKER_CERT_PATH: join(folder, "certs") })],
    ["TLS variables and a context", () => ({ DOCKER_CONTEXT: "plain", DOCKER_TLS_VERIFY: "1" })],
  ])("is the CLI's with %s, and stays it under the variables that we set", async (_name, set) => {
    const env = { ...base(), ...set(home) };
    const cli = await askCli(env);
    await expect(askUs(env)).resolves.toEqual(cli);
    await expect(askCli({ ...env, ...(await engineVariables(env)) })).resolves.toEqual(cli);
  });
});
