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
