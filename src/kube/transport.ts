import http from "node:http";
import https from "node:https";
import { interruptedError } from "../errors.ts";
import { KubeError } from "./kube-error.ts";
import type { KubeAccess } from "./kubeconfig.ts";
import { responseError } from "./response.ts";

/** One request over the wire. */
export interface WireRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Its answer, whatever its status. */
export interface WireAnswer {
  readonly status: number;
  readonly text: string;
}

/** HTTPS to one API server as one identity, over connections that are kept. */
export interface Transport {
  send(request: WireRequest): Promise<WireAnswer>;
  /** Calls back for every line of the answer until it ends; throws for a status other than 200. */
  lines(request: WireRequest, onLine: (line: string) => void): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 10_000;
// Below the API server's own limit for idle connections (90 s), so that it never closes one that we are about to use.
const IDLE_SOCKET_MS = 60_000;
// Forty lists at once would cost forty TLS handshakes; what may last (watches, loads) must not hold these back.
const QUICK_CONNECTIONS = 12;
const PATIENT_FROM_MS = 20_000;

function wireError(access: KubeAccess, request: WireRequest, error: Error): Error {
  if (request.signal?.aborted === true) return interruptedError();
  const what = `API server ${access.server.origin}`;
  return new KubeError(`${what} could not be reached (${request.method} ${request.path}): ${error.message}`, {
    unreachable: true,
    cause: error,
  });
}

class StaleConnection extends Error {}

function toError(error: unknown, reused: boolean): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const reset = "code" in error && error.code === "ECONNRESET";
  return reset && reused ? new StaleConnection(error.message, { cause: error }) : error;
}

async function textOf(answer: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/** The real Transport. */
export function createTransport(access: KubeAccess): Transport {
  const secure = access.server.protocol === "https:";
  const options = { keepAlive: true, timeout: IDLE_SOCKET_MS };
  const secrets = {
    ca: access.ca,
    cert: access.cert,
    key: access.key,
    rejectUnauthorized: !access.insecure,
    ...(access.serverName === undefined ? {} : { servername: access.serverName }),
  };
  const agentFor = (maxSockets: number): http.Agent =>
    secure ? new https.Agent({ ...options, ...secrets, maxSockets }) : new http.Agent({ ...options, maxSockets });
  const [quick, patient] = [agentFor(QUICK_CONNECTIONS), agentFor(Number.POSITIVE_INFINITY)];
  const authorization = access.token === undefined ? {} : { authorization: `Bearer ${access.token}` };
  const base = access.server.pathname.replace(/\/$/, "");

  /** Sends and hands the answer, still to be read, to `use`; the time limit covers both. */
  function exchange<T>(request: WireRequest, use: (answer: http.IncomingMessage) => Promise<T>): Promise<T> {
    const { method, body, signal, timeoutMs = DEFAULT_TIMEOUT_MS } = request;
    return new Promise<T>((resolve, reject) => {
      const sent = (secure ? https : http).request(new URL(base + request.path, access.server), {
        method,
        agent: timeoutMs > PATIENT_FROM_MS ? patient : quick,
        headers: {
          accept: "application/json",
          "user-agent": "labs",
          ...authorization,
          ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
          ...request.headers,
        },
      });
      // Kept aside: a request that is cut short only says "aborted", and an error given to a finished one has no listener.
      let cut: Error | undefined;
      const cutShort = (why: string): void => {
        cut = new Error(why);
        sent.destroy();
      };
      const abort = (): void => cutShort("interrupted");
      const timer = setTimeout(() => cutShort(`no answer within ${Math.round(timeoutMs / 100) / 10} s`), timeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
      };
      const fail = (error: unknown): void => {
        settle();
        reject(toError(cut ?? error, sent.reusedSocket));
      };
      signal?.addEventListener("abort", abort, { once: true });
      sent.on("error", fail);
      sent.once("response", (answer) => {
        answer.on("error", fail);
        use(answer).then((value) => {
          settle();
          resolve(value);
        }, fail);
      });
      sent.end(body);
    });
  }

  async function read<T>(request: WireRequest, use: (answer: http.IncomingMessage) => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      if (request.signal?.aborted === true) throw interruptedError();
      try {
        return await exchange(request, use);
      } catch (error) {
        // The server closed a kept connection just as it was used again; nothing was done.
        if (error instanceof StaleConnection && request.method !== "POST" && tries < 2) continue;
        if (error instanceof KubeError || !(error instanceof Error)) throw error;
        throw wireError(access, request, error);
      }
    }
  }

  return {
    send: (request) =>
      read(request, async (answer) => ({ status: answer.statusCode ?? 0, text: await textOf(answer) })),
    lines: (request, onLine) =>
      read(request, async (answer) => {
        if (answer.statusCode !== 200) throw responseError(answer.statusCode ?? 0, await textOf(answer), request);
        let rest = "";
        answer.setEncoding("utf8");
        for await (const chunk of answer) {
          const parts = `${rest}${String(chunk)}`.split("\n");
          rest = parts.pop() ?? "";
          for (const line of parts) if (line !== "") onLine(line);
        }
      }),
  };
}
