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

/** Output of a container without a terminal, taken apart: the engine frames it as [stream, 0, 0, 0, length(4)] + bytes. */
export function demux(bytes: Buffer): { stdout: string; stderr: string; both: string } {
  const parts: { stream: number; chunk: Buffer }[] = [];
  let at = 0;
  while (at + 8 <= bytes.length) {
    const stream = bytes.readUInt8(at);
    const end = at + 8 + bytes.readUInt32BE(at + 4);
    parts.push({ stream, chunk: bytes.subarray(at + 8, Math.min(end, bytes.length)) });
    at = end;
  }
  // Joined as bytes first: a frame may end inside a character.
  const text = (wanted: (stream: number) => boolean) =>
    Buffer.concat(parts.filter(({ stream }) => wanted(stream)).map(({ chunk }) => chunk)).toString("utf8");
  return { stdout: text((stream) => stream === 1), stderr: text((stream) => stream === 2), both: text(() => true) };
}
