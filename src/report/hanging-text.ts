/** Writes text behind `start`, broken at spaces so that no line is longer than `columns`, if its words allow; further lines are indented. */
export function hangingText(text: string, columns: number, indent: string, start = ""): string {
  const lines: string[] = [];
  let line = start;
  let empty = true;
  for (const word of text.split(" ")) {
    const longer = empty ? line + word : `${line} ${word}`;
    if (!empty && longer.length > columns) {
      lines.push(line);
      line = indent + word;
    } else line = longer;
    empty = false;
  }
  return [...lines, line].join("\n");
}
