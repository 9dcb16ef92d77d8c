import { randomBytes } from "node:crypto";
import { environmentError } from "../errors.ts";
import { stampShift } from "../other-clock.ts";
import { containerName } from "../sandbox/sandbox.ts";
import type { LoadResult, LoadSpec } from "../sandbox/load-agent.ts";
import type { ActionContext } from "./action.ts";
import { maxRate, type LoadParams } from "./load-params.ts";
import { targetMembers } from "./members.ts";
import { mergeLoads } from "./merge-loads.ts";
import { observe } from "./observe.ts";
import { targetText } from "./target.ts";

type Where = Pick<ActionContext, "sandbox" | "session" | "namespace" | "rt">;

/** A load under way. */
export interface LoadRun {
  /** Hosts it goes to. */
  readonly hosts: readonly string[];
  /** Resolves once every part of it has sent requests. */
  steady(): Promise<void>;
  /** Ends it; the result of all its parts, with its seconds by the clock's `elapsed`. */
  stop(): Promise<LoadResult>;
}

/** Hosts behind a target: the Service's name, the container's, or the address of each ready pod. */
async function hostsOf(where: Where, { to }: LoadParams): Promise<string[]> {
  if (where.sandbox.provider === "docker") return [containerName(where.sandbox, to.name)];
  // With a dot at its end a name is looked up once, not under every search domain first; DNS would take more CPU than the requests.
  if (to.kind === "service") return [`${to.name}.${where.namespace}.svc.cluster.local.`];
  const members = await targetMembers(where, to);
  return members.filter((member) => member.ready && !member.terminating).map((member) => member.host);
}

/** The service wants an id in each payment, so a POST of which the lab says nothing more carries one. */
function bodyOf({ method, body, idempotent = method === "POST" && body === undefined }: LoadParams) {
  return { ...(idempotent ? { idempotent } : {}), ...(body === undefined ? {} : { body }) };
}

function specOf(where: Where, params: LoadParams, host: string, hosts: number, maxMs: number): LoadSpec {
  const { name, to, port = to.kind === "service" ? 80 : 8080, path, method, rate, concurrency } = params;
  return {
    id: `${name}-${randomBytes(4).toString("hex")}`,
    url: `http://${host}:${port}${path}`,
    method,
    connections: params.connections,
    timeoutMs: params.timeout,
    maxMs,
    ...bodyOf(params),
    // However many pods there are, the agent and the machine stay usable.
    ...(rate === undefined ? {} : { rate: Math.min(rate, maxRate / hosts) }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(params.proof ? { nonce: true, key: where.session.values["token"] ?? "" } : {}),
  };
}

/** Starts a load that ends by itself after `maxMs`. Undefined when nothing is behind the target. */
export async function startLoad(where: Where, params: LoadParams, maxMs: number): Promise<LoadRun | undefined> {
  const { agent } = where.sandbox;
  const hosts = await hostsOf(where, params);
  const specs = hosts.map((host) => specOf(where, params, host, hosts.length, maxMs));
  const started: string[] = [];
  const from = where.rt.clock.elapsed();
  let to = from;
  const stop = async (): Promise<LoadResult> => {
    const [first, ...rest] = await Promise.all(started.map((id) => agent.stop(id)));
    if (first === undefined) throw environmentError(`load ${params.name} has not run`);
    const result = rest.length === 0 ? { ...first, id: params.name } : mergeLoads(params.name, [first, ...rest]);
    const shift = stampShift(where.rt.clock, Date.parse(first.startedAt), { from, to });
    return { ...result, seconds: result.seconds.map((second) => ({ ...second, t: second.t - shift / 1000 })) };
  };
  try {
    for (const spec of specs) {
      await agent.start(spec);
      if (started.length === 0) to = where.rt.clock.elapsed();
      started.push(spec.id);
    }
  } catch (error) {
    await Promise.allSettled(started.map((id) => agent.stop(id)));
    throw error;
  }
  if (specs.length === 0) return undefined;
  return {
    hosts,
    stop,
    async steady() {
      const waited = await observe(
        where.rt,
        async () => {
          const results = await Promise.all(started.map((id) => agent.read(id)));
          const slowest = Math.min(...results.map((result) => result.sent));
          return slowest >= 2 ? { done: true, value: undefined } : { done: false, seen: `${slowest} requests sent` };
        },
        { withinMs: 15_000 },
      );
      if (!waited.ok)
        throw environmentError(`load ${params.name} to ${targetText(params.to)} did not start: ${waited.seen}`);
    },
  };
}

/** A load in a sentence: "590 sent, 3 failed (3 refused)". */
export function loadText({ sent, failed, byKind }: LoadResult): string {
  const kinds = Object.entries(byKind).filter(([kind, count]) => kind !== "ok" && count > 0);
  const why = kinds.length === 0 ? "" : ` (${kinds.map(([kind, count]) => `${count} ${kind}`).join(", ")})`;
  return `${sent} sent, ${failed} failed${why}`;
}
