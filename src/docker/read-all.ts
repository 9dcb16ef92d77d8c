import { DockerError } from "./docker-error.ts";

/** The whole of a stream; throws a DockerError where it is longer than the limit. */
export async function readAll(
  stream: AsyncIterable<string | Uint8Array>,
  what: string,
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) throw new DockerError(`${what}: printed more than ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
