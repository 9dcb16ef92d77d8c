import type { Runtime } from "../runtime.ts";

/** Progress in one place: a line that is drawn over on a terminal, a line now and then elsewhere. */
export interface LiveLine {
  show(text: string): void;
  end(): void;
}

const quietMs = 10_000;

/** A live line on stderr. */
export function liveLine(rt: Runtime): LiveLine {
  const { err, clock } = rt;
  let drawn = -Infinity;
  if (!err.isTTY) {
    return {
      show: (text) => {
        if (text === "" || clock.elapsed() - drawn < quietMs) return;
        drawn = clock.elapsed();
        err.write(`… ${text}\n`);
      },
      end: () => undefined,
    };
  }
  return {
    show: (text) => {
      if (text === "") return;
      const flat = `… ${text.replaceAll(/\s+/g, " ")}`;
      err.write(`\r\u001b[K${flat.slice(0, Math.max(20, err.columns - 1))}`);
    },
    end: () => {
      err.write("\r\u001b[K");
    },
  };
}
