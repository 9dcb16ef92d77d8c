/** What went wrong between us and the API server: `status` when it refused, `unreachable` when it did not answer. */
export class KubeError extends Error {
  readonly status: number | undefined;
  /** Machine-readable reason of the API server, for example NotFound, AlreadyExists, TooManyRequests. */
  readonly reason: string | undefined;
  readonly unreachable: boolean;

  constructor(
    message: string,
    detail: { status?: number; reason?: string; unreachable?: boolean; cause?: unknown } = {},
  ) {
    super(message, detail.cause === undefined ? {} : { cause: detail.cause });
    this.name = "KubeError";
    this.status = detail.status;
    this.reason = detail.reason;
    this.unreachable = detail.unreachable ?? false;
  }
}

/** By what the cluster holds: admission (quota, LimitRange, Pod Security, a policy or webhook), nothing of that name, an invalid object. */
const ofTheCluster: ReadonlySet<number | undefined> = new Set([400, 403, 404, 422]);

/**
 * The server's words where it refused a change for what is in the cluster: we ask as its administrator, so somebody put that there. Undefined for
 * any other error: a conflict, too many requests, a fault of the server, no answer.
 */
export function refusal(error: unknown): string | undefined {
  return error instanceof KubeError && ofTheCluster.has(error.status) ? error.message : undefined;
}
