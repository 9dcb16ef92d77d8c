import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectDocker } from "../../src/docker/client.ts";
import { engineVariables } from "../../src/docker/dial-options.ts";
import { findEngine } from "../../src/docker/find-engine.ts";
import { goAppImage } from "../../src/images/versions.ts";
import { describeDocker } from "./docker-engine.ts";

/** A certificate authority in `folder`, a server's certificate for localhost, and a client's as the Docker CLI names them. */
async function makeCertificates(folder: string): Promise<void> {
  const openssl = async (...argv: string[]) => execa("openssl", argv, { cwd: folder });
  const newKey = ["-newkey", "rsa:2048", "-nodes"];
  await openssl("req", "-x509", ...newKey, "-keyout", "ca-key.pem", "-out", "ca.pem", "-days", "9", "-subj", "/CN=ca");
  await writeFile(join(folder, "names"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
  for (const [cert, key] of [
    ["server.pem", "server-key.pem"],
    ["cert.pem", "key.pem"],
  ] as const) {
    await openssl("req", ...newKey, "-keyout", key, "-out", `${cert}.csr`, "-subj", "/CN=localhost");
    const by = ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial", "-days", "9", "-extfile", "names"];
    await openssl("x509", "-req", "-in", `${cert}.csr`, "-out", cert, ...by);
  }
}

/** The engine's version, asked by the CLI under the variables that we set for it. */
const cliVersion = async (env: Readonly<Record<string, string | undefined>>) => {
  const all = { PATH: process.env["PATH"], ...env, ...(await engineVariables(env)) };
  const format = ["version", "--format", "{{.Server.Version}}"];
  return (await execa("docker", format, { env: all, extendEnv: false })).stdout;
};

describeDocker("an engine behind TLS", () => {
  let folder: string;
  let server: Server;
  let host: string;

  beforeAll(async () => {
    const { host: engine } = await findEngine(process.env);
    folder = await mkdtemp(join(tmpdir(), "labs-tls-"));
    await makeCertificates(folder);
    const read = async (name: string) => readFile(join(folder, name));
    const [ca, cert, key] = await Promise.all(["ca.pem", "server.pem", "server-key.pem"].map(read));
    // Asks for the client's certificate, as an engine with --tlsverify does.
    const ours = { ca, cert, key, requestCert: true, rejectUnauthorized: true, allowHalfOpen: true };
    server = createServer(ours, (near) => {
      const far = connect({ path: engine.replace("unix://", ""), allowHalfOpen: true });
      for (const socket of [near, far]) socket.on("error", () => undefined);
      near.pipe(far).pipe(near);
    });
    server.on("tlsClientError", () => undefined);
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    host = `tcp://localhost:${address.port}`;
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("is reached with the certificates of DOCKER_CERT_PATH", async () => {
    const env = { HOME: folder, DOCKER_HOST: host, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: folder };
    const docker = await connectDocker(env);
    const { version } = await docker.version();
    await expect(cliVersion(env)).resolves.toBe(version);
    // A hijacked connection takes its input too.
    const name = `labs-test-${process.pid}-tls`;
    try {
      await docker.run({ name, image: goAppImage, args: ["sleep", "60"] });
      await expect(docker.exec(name, ["/app", "version"], { input: "x" })).resolves.toMatchObject({ stdout: "v1\n" });
    } finally {
      await docker.remove(name);
    }
  });

  it("is reached with the files of a context, by us and by the CLI that we run", async () => {
    const env = { HOME: join(folder, "with-context"), DOCKER_CONTEXT: "behind-tls" };
    const files = ["ca", "cert", "key"].map((name) => `${name}=${join(folder, `${name}.pem`)}`);
    await mkdir(env.HOME);
    const make = ["context", "create", "behind-tls", "--docker", [`host=${host}`, ...files].join(",")];
    await execa("docker", make, { env: { PATH: process.env["PATH"], HOME: env.HOME }, extendEnv: false });
    const { version } = await (await connectDocker(env)).version();
    await expect(cliVersion(env)).resolves.toBe(version);
  });

  it("is not believed without its authority, and says so", async () => {
    const other = join(folder, "other");
    await mkdir(other);
    await execa(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "k", "-out", "ca.pem", "-subj", "/CN=x"],
      {
        cwd: other,
      },
    );
    for (const name of ["cert.pem", "key.pem"]) await copyFile(join(folder, name), join(other, name));
    const env = { DOCKER_HOST: host, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: other };
    await expect((await connectDocker(env)).version()).rejects.toMatchObject({ name: "DockerError", exitCode: 3 });
    const lax = await connectDocker({ DOCKER_HOST: host, DOCKER_TLS: "1", DOCKER_CERT_PATH: other });
    await expect(lax.version()).resolves.toMatchObject({ version: expect.any(String) });
  });
});
