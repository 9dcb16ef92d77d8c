/** An element that is written already: its text holds nothing that is not escaped. */
export interface XmlElement {
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

// What XML 1.0 cannot hold at all: control characters (colours of logs), and halves of a character that was cut.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uD800-\uDFFF\uFFFE\uFFFF]/gu;

function escaped(text: string): string {
  return text.replaceAll(forbidden, "\uFFFD").replaceAll(/[&<>"]/g, (character: string) => entities[character] ?? "");
}

/** Attributes of an element, escaped; a line break would become a space, and is kept as a reference. */
export function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;")}"`)
    .join("");
}

/** An element with text or with elements in it. */
export function element(name: string, written: string, content: string | readonly XmlElement[] = []): XmlElement {
  if (content.length === 0) return { text: `<${name}${written}/>` };
  const inner =
    typeof content === "string"
      ? escaped(content)
      : `\n${content.map(({ text }) => text.replaceAll(/^(?= *<)/gm, "  ")).join("\n")}\n`;
  return { text: `<${name}${written}>${inner}</${name}>` };
}
