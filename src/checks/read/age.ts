/** "4 s", "2 min", "3 h": a time span for a message. */
export function span(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

/** "4 s ago", for a time as Kubernetes and Docker write it; "" where there is none. */
export function ago(iso: string, now: number): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? "" : `${span(now - at)} ago`;
}
