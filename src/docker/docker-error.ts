import { ExitCode, LabsError } from "../lib/errors.ts";

/** What is known of a failure beyond its sentence. */
export interface DockerErrorDetail {
  /** HTTP status, when the engine refused. */
  readonly status?: number;
  /** True when the engine did not answer. */
  readonly unreachable?: boolean;
  /** True when this program makes nothing on such an engine, so that nothing of ours can be there. */
  readonly unsupported?: boolean;
  readonly cure?: string;
  readonly cause?: unknown;
}

/** What went wrong between us and the Docker engine (exit 3): `status` when it refused, `unreachable` when it did not answer. */
export class DockerError extends LabsError {
  readonly status: number | undefined;
  readonly unreachable: boolean;
  readonly unsupported: boolean;

  constructor(message: string, detail: DockerErrorDetail = {}) {
    const { status, unreachable = false, unsupported = false, ...options } = detail;
    super(ExitCode.environment, message, options);
    this.name = "DockerError";
    this.status = status;
    this.unreachable = unreachable;
    this.unsupported = unsupported;
  }
}
