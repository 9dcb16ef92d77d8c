import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cached } from "../../src/setup/cache.ts";
import { download, type DownloadLimits } from "../../src/setup/download.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

const content = Buffer.alloc(300_000, "kind");
const sha256 = createHash("sha256").update(content).digest("hex");

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

let folder: string;
let port: number;
let proxyPort: number;
/** What the proxy was asked to connect to. */
let asked: string[];
const held = new Set<Socket>();

const origin = createServer((request, response) => {
  if (request.url === "/kind") response.end(content);
  else if (request.url === "/moved") response.writeHead(302, { location: "/kind" }).end();
  else if (request.url === "/half") response.writeHead(200, { "content-length": content.length }).write("half");
  else if (request.url !== "/silent") response.writeHead(404).end();
});
const proxy = createServer((_request, response) => response.writeHead(405).end());
proxy.on("connect", (request, near: Socket) => {
  asked.push(request.url ?? "");
  near.on("error", () => undefined);
  if (request.url?.endsWith(":443") === true) {
    near.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    return;
  }
  const far = connect(port, "127.0.0.1", () => near.write("HTTP/1.1 200 OK\r\n\r\n"));
  held.add(far);
  far.on("error", () => near.destroy());
  near.pipe(far).pipe(near);
});

beforeAll(async () => {
  for (const server of [origin, proxy]) server.on("connection", (socket: Socket) => held.add(socket));
  port = await listen(origin);
  proxyPort = await listen(proxy);
});
afterAll(() => {
  for (const socket of held) socket.destroy();
  origin.close();
  proxy.close();
});
beforeEach(async () => {
  asked = [];
  folder = await mkdtemp(join(tmpdir(), "labs-download-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Wanted {
  readonly url: string;
  readonly sum?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly limits?: DownloadLimits;
}

/** Downloads as set-up does: under its name only when it is whole. */
async function get({ url, sum = sha256, env = {}, signal, limits }: Wanted): Promise<Buffer> {
  const rt = fakeRuntime({ env, clock: systemClock, ...(signal === undefined ? {} : { signal }) });
  const draft = (file: string) => download(rt, { url, sha256: sum }, file, () => undefined, limits);
  return readFile(await cached(rt, join(folder, "bin", "kind"), draft));
}

const here = (path: string) => `http://127.0.0.1:${port}${path}`;

describe("download", () => {
  it("brings the file, also from where it has moved to", async () => {
    expect(content.equals(await get({ url: here("/moved") }))).toBe(true);
    expect(await readdir(join(folder, "bin"))).toEqual(["kind"]);
  });

  it("keeps nothing of a file that is another one", async () => {
    await expect(get({ url: here("/kind"), sum: "0".repeat(64) })).rejects.toMatchObject({
      exitCode: 3,
      message: `kind could not be downloaded from 127.0.0.1:${port}: SHA-256 is ${sha256}, expected ${"0".repeat(64)}`,
    });
    expect(await readdir(join(folder, "bin"))).toEqual([]);
  });

  it("names host, file and status", async () => {
    const message = `absent could not be downloaded from 127.0.0.1:${port}: status 404`;
    await expect(get({ url: here("/absent") })).rejects.toMatchObject({ exitCode: 3, message });
  });

  it("says at once that nothing listens, or that there is no such host", async () => {
    const closed = createServer();
    const free = await listen(closed);
    await new Promise((done) => closed.close(done));
    await expect(get({ url: `http://127.0.0.1:${free}/kind` })).rejects.toThrow("ECONNREFUSED");
    await expect(get({ url: "http://downloads.invalid/kind" })).rejects.toThrow("downloads.invalid");
  });

  it.each([
    ["HTTP_PROXY", (at: string) => ({ HTTP_PROXY: at })],
    ["http_proxy without a scheme", (at: string) => ({ http_proxy: at.replace("http://", "") })],
  ])("goes through %s, and not to hosts of NO_PROXY", async (_name, env) => {
    const variables = env(`http://127.0.0.1:${proxyPort}`);
    // Only the proxy knows this host.
    expect(content.equals(await get({ url: "http://downloads.invalid/kind", env: variables }))).toBe(true);
    expect(asked).toEqual(["downloads.invalid:80"]);
    await rm(join(folder, "bin"), { recursive: true });
    await get({ url: here("/kind"), env: { ...variables, NO_PROXY: "localhost,127.0.0.1" } });
    expect(asked).toHaveLength(1);
  });

  it("goes through HTTPS_PROXY, and does not print the password for it", async () => {
    const env = { HTTPS_PROXY: `http://me:secret@127.0.0.1:${proxyPort}` };
    const failed = await get({ url: "https://downloads.invalid/kind", env }).catch((error: unknown) => String(error));
    expect(asked).toEqual(["downloads.invalid:443"]);
    expect(failed).toContain("407");
    expect(failed).toContain(`proxy 127.0.0.1:${proxyPort}`);
    expect(failed).not.toContain("secret");
  });

  it("gives up a host that sends nothing, or nothing more", async () => {
    const limits = { answerMs: 1000, stallMs: 1000 };
    for (const path of ["/silent", "/half"]) {
      await expect(get({ url: here(path), limits })).rejects.toThrow("nothing came for 1 s");
    }
    expect(await readdir(join(folder, "bin"))).toEqual([]);
  });

  it("ends with Ctrl-C", async () => {
    const ctrlC = new AbortController();
    const running = get({ url: here("/half"), signal: ctrlC.signal });
    setTimeout(() => ctrlC.abort(), 200);
    await expect(running).rejects.toMatchObject({ exitCode: 130 });
  });
});
