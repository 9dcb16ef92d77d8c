import { HttpMethod, RequestContext } from "@kubernetes/client-node";
import { request as sendRequest } from "undici";
import { interruptedError, messageOf } from "../lib/errors.ts";
import { startTimer } from "../lib/clock.ts";
import { KubeError } from "./kube-error.ts";
import type { KubeAccess } from "./kubeconfig.ts";

/** How long a call may last, and what else ends it. */
export interface WireLimits {
  /** Default 10 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** One request over the wire. */
export interface WireRequest extends WireLimits {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Its answer, whatever its status. */
export interface WireAnswer {
  readonly status: number;
  readonly text: string;
  /** When it was sent, by the server's clock, as HTTP writes it. */
  readonly date: string;
}

const DEFAULT_TIMEOUT_MS = 10_000;

// Not by the library's own way: node-fetch 2 takes whole answers for cut ones over connections that are kept, and knows no time limits.
/** Sends a request of any kind and reads the whole answer within the limits; returns every status. */
export async function send(access: KubeAccess, request: WireRequest): Promise<WireAnswer> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = request;
  const method = Object.entries(HttpMethod).find(([name]) => name === request.method)?.[1];
  if (method === undefined) throw new KubeError(`there is no method ${request.method}`);
  const context = new RequestContext(`${access.getCurrentCluster()?.server ?? ""}${request.path}`, method);
  const given = { accept: "application/json", "user-agent": "labs", ...request.headers };
  for (const [name, value] of Object.entries(given)) context.setHeaderParam(name, value);
  const cut = new AbortController();
  const abort = (): void => cut.abort();
  const stopTimer = startTimer(timeoutMs, abort);
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted === true) abort();
  try {
    const dispatcher = await access.authenticate(context);
    const { statusCode, headers, body } = await sendRequest(context.getUrl(), {
      dispatcher,
      method,
      headers: context.getHeaders(),
      body: request.body ?? null,
      signal: cut.signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    return { status: statusCode, text: await body.text(), date: String(headers["date"] ?? "") };
  } catch (error) {
    if (signal?.aborted === true) throw interruptedError();
    const { origin, pathname } = new URL(context.getUrl());
    const why = cut.signal.aborted ? `no answer within ${Math.round(timeoutMs / 100) / 10} s` : messageOf(error);
    throw new KubeError(`API server ${origin} could not be reached (${method} ${pathname}): ${why}`, {
      unreachable: true,
      cause: error,
    });
  } finally {
    stopTimer();
    signal?.removeEventListener("abort", abort);
  }
}
