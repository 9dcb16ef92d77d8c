/** A word as a POSIX shell must be given it. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A word as fish must be given it: inside single quotes, it takes a backslash before a quote. */
export function fishQuote(word: string): string {
  return `'${word.replaceAll(/[\\']/g, (char) => `\\${char}`)}'`;
}
