/** One load to run from inside the sandbox. Milliseconds; open loop by `rate` (per second) or closed loop by `concurrency`. */
export interface LoadSpec {
  readonly id: string;
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly rate?: number;
  readonly concurrency?: number;
  readonly connections: "new" | "kept";
  readonly timeoutMs: number;
  /** The agent ends the load by itself after this long, at most 600000. */
  readonly maxMs: number;
  /** Every POST carries its own id. */
  readonly idempotent?: boolean;
  /** Send a nonce and demand the proof that only a holder of `key` can give. */
  readonly nonce?: boolean;
  readonly key?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a load saw, so far or in all. `failed` is everything but `ok`: 2xx, with a valid proof where one was demanded. */
export interface LoadResult {
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly state: "running" | "done";
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly inflight: number;
  /** Requests that were sent again, because a kept connection closed under them before any answer. */
  readonly retried: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byPod: Readonly<Record<string, number>>;
  readonly byVersion: Readonly<Record<string, number>>;
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number };
  readonly seconds: readonly { readonly t: number; readonly ok: number; readonly failed: number }[];
  readonly firstFailure: { readonly at: string; readonly kind: string; readonly detail: string } | null;
  readonly completedPerSecond?: number;
}

/** One request sent from inside the sandbox. */
export interface AgentRequest {
  readonly url: string;
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly nonce?: boolean;
  readonly key?: string;
}

/** Its answer: `status` 0 and a `kind` (refused, reset, timeout, eof, dns, unreachable, proof, other) when there was none. */
export interface AgentAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly kind: string;
  readonly error: string;
  readonly ms: number;
}

/**
 * The agent inside a sandbox that sends requests and loads for us: services are reached from inside, never by dialling a container from the
 * host. It runs go-app's `load` role. Every call throws when the agent itself cannot be reached.
 */
export interface LoadAgent {
  start(spec: LoadSpec): Promise<void>;
  read(id: string): Promise<LoadResult>;
  /** Ends the load, waits for what is in flight, returns the final result and forgets it. */
  stop(id: string): Promise<LoadResult>;
  request(request: AgentRequest): Promise<AgentAnswer>;
}
