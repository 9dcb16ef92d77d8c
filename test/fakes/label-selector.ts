/** True when labels match a Kubernetes label selector: `a=b`, `a!=b`, `a`, `!a`, `a in (x,y)`, `a notin (x,y)`, joined by commas. */
export function matchesSelector(labels: Readonly<Record<string, string>>, selector: string): boolean {
  // A comma inside parentheses does not separate requirements.
  const parts = selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return parts.every((part) => matchesOne(labels, part));
}

function matchesOne(labels: Readonly<Record<string, string>>, part: string): boolean {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(part);
  if (set !== null) {
    const value = labels[set[1] ?? ""];
    const listed = value !== undefined && (set[3] ?? "").split(",").some((item) => item.trim() === value);
    return set[2] === "in" ? listed : !listed;
  }
  const pair = /^([^!=]+?)\s*(==|!=|=)\s*(.*)$/.exec(part);
  if (pair !== null) {
    const same = labels[pair[1] ?? ""] === pair[3];
    return pair[2] === "!=" ? !same : same;
  }
  return part.startsWith("!") ? labels[part.slice(1)] === undefined : labels[part] !== undefined;
}
