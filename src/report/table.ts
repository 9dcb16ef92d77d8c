/** A column: its heading, and whether it gives way when the terminal is narrow. */
export interface Column {
  readonly title: string;
  readonly align?: "right";
  /** Cut to no less than this many characters. */
  readonly shrinkTo?: number;
}

const GAP = "  ";

function fit(text: string, width: number, align?: "right"): string {
  const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return align === "right" ? cut.padStart(width) : cut.padEnd(width);
}

/** Lines of a table with headings; no wider than `width` as far as its columns can shrink. Without width nothing is cut. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width?: number): string {
  const widths = columns.map(({ title }, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  if (width !== undefined) {
    for (const [at, { shrinkTo }] of columns.entries()) {
      const over = widths.reduce((sum, one) => sum + one, GAP.length * (columns.length - 1)) - width;
      if (shrinkTo !== undefined && over > 0) widths[at] = Math.max(shrinkTo, (widths[at] ?? 0) - over);
    }
  }
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => fit(cell, widths[at] ?? 0, columns[at]?.align))
      .join(GAP)
      .trimEnd();
  return [columns.map(({ title }) => title), ...rows].map((row) => `${line(row)}\n`).join("");
}
