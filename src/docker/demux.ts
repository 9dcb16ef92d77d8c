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
