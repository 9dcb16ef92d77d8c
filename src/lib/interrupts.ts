/** What the signals that end programs mean to this one. */
export interface Interrupts {
  /** Aborted by the first of them: what was begun is undone, and the program ends. */
  readonly signal: AbortSignal;
  /** Takes a signal in: `SIGINT` (Ctrl-C), `SIGTERM`, or `SIGHUP` (the terminal is gone). */
  readonly heard: (name: "SIGINT" | "SIGTERM" | "SIGHUP") => void;
  /** A program that was started has the terminal, and Ctrl-C is its own, until the returned function is called. */
  readonly lend: () => () => void;
}

/** Milliseconds within which signals are one: npm passes on a Ctrl-C that the terminal has sent already, and systems that go down send several. */
const oneMs = 500;

/**
 * The first signal asks to undo and end. A second one, as a person sends it who does not want to wait, calls `force`; never a SIGHUP, which
 * comes as often as a terminal has parts. `now` is in milliseconds.
 */
export function createInterrupts(options: { readonly now: () => number; readonly force: () => void }): Interrupts {
  const stopping = new AbortController();
  let first = 0;
  let lent = 0;
  return {
    signal: stopping.signal,
    heard: (name) => {
      if (name === "SIGINT" && lent > 0) return;
      if (!stopping.signal.aborted) {
        first = options.now();
        stopping.abort();
      } else if (name !== "SIGHUP" && options.now() - first >= oneMs) {
        options.force();
      }
    },
    lend: () => {
      lent += 1;
      return () => {
        lent -= 1;
      };
    },
  };
}
