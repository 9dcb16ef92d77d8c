import { wrap } from "../lib/text.ts";

/** Blocks whose line breaks mean something: headings, code, tables. */
const asWritten = /^(#|```|\||\s{4})/;

function listItems(block: string): string[] {
  return block.split(/\n(?=(?:[-*]|\d+\.) )/);
}

/**
 * Markdown for a terminal: paragraphs and list items are broken at `width`, everything else stays as it was written. A leading heading that
 * repeats `title` is left out.
 */
export function markdownText(text: string, width: number, title = ""): string {
  const blocks = text.trim().split(/\n\s*\n/);
  return blocks
    .filter((block, index) => index > 0 || block !== `# ${title}`)
    .map((block) => {
      if (asWritten.test(block)) return block;
      const isList = /^(?:[-*]|\d+\.) /.test(block);
      return isList
        ? listItems(block)
            .map((item) => wrap(item, width, "  "))
            .join("\n")
        : wrap(block, width);
    })
    .join("\n\n");
}
