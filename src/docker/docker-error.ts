/** What went wrong between us and the Docker engine: `status` when it refused, `unreachable` when it did not answer. */
export class DockerError extends Error {
  readonly status: number | undefined;
  readonly unreachable: boolean;

  constructor(message: string, detail: { status?: number; unreachable?: boolean; cause?: unknown } = {}) {
    super(message, detail.cause === undefined ? {} : { cause: detail.cause });
    this.name = "DockerError";
    this.status = detail.status;
    this.unreachable = detail.unreachable ?? false;
  }
}
