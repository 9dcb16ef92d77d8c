/** One pod of a workload, or one container of a Docker lab, as it is now. */
export interface Member {
  /** Pod name; short container name. */
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `deployment/payments`: the top owner; the short container name in Docker labs. */
  readonly workload: string;
  readonly ready: boolean;
  /** One word: Running, CrashLoopBackOff, Pending, exited. */
  readonly state: string;
  /** How often its containers have started again; one that has ended and waits for its next start counts already. */
  readonly restarts: number;
  /** Changes with every new start of its containers. */
  readonly incarnation: string;
  /** When the last of its containers' liveness probes begins, in ms since the epoch; absent without one. */
  readonly livenessFrom?: number;
  readonly terminating: boolean;
  readonly node: string;
  readonly lastEnd: string;
  /** Where it answers from inside the sandbox; "" before it has an address. */
  readonly host: string;
  readonly adminPort: number;
  /** An admin token is set, so that the admin port must answer. */
  readonly instrumented: boolean;
  /** Runtime ids of its running containers. */
  readonly containerIds: readonly string[];
}

/** Port of go-app's admin listener where ADMIN_PORT does not say otherwise. */
export const defaultAdminPort = 9091;

/** A member in a sentence about why something is not settled. */
export function memberText(member: Member): string {
  const kind = member.workload === member.name ? "container" : "pod";
  const end = member.lastEnd === "" ? "" : `, last end ${member.lastEnd}`;
  const state = member.terminating ? "terminating" : member.ready ? "ready" : `not ready (${member.state})`;
  return `${kind}/${member.name} is ${state}, ${member.restarts} ${member.restarts === 1 ? "restart" : "restarts"}${end}`;
}
