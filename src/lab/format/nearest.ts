function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, change));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** The candidate that `word` was probably meant to be; undefined when none is close. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: { candidate: string; away: number } | undefined;
  for (const candidate of candidates) {
    const away =
      candidate.startsWith(word) && word.length >= 3 ? 1 : distance(word.toLowerCase(), candidate.toLowerCase());
    if (away <= limit && (best === undefined || away < best.away)) best = { candidate, away };
  }
  return best?.candidate;
}

/** `, did you mean "x"?`, or nothing when no candidate is close. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  return near === undefined ? "" : `, did you mean "${near}"?`;
}
