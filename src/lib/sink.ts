/** Where output goes: `out` is data, `err` is progress and errors. */
export interface Sink {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): void;
  /** The stream behind it, for libraries that draw by themselves. */
  readonly stream?: NodeJS.WriteStream;
}

/** A stream of this process as a sink. */
export function sinkOf(stream: NodeJS.WriteStream): Sink {
  return {
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns ?? 80;
    },
    write: (text) => {
      stream.write(text);
    },
    stream,
  };
}
