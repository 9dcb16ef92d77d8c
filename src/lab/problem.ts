/** Something that is not right in a lab folder. */
export interface Problem {
  readonly severity: "error" | "warning";
  /** Path inside the lab folder, with forward slashes. */
  readonly file: string;
  readonly line?: number;
  /** YAML path, as `experiments[0].objectives[1].check`. */
  readonly path?: string;
  readonly message: string;
}

/** A place in a lab folder. */
export interface Place {
  readonly file: string;
  readonly line?: number;
}

/** An error at a place. */
export function problem(place: Place, message: string, path?: string): Problem {
  return { severity: "error", ...place, message, ...(path === undefined || path === "" ? {} : { path }) };
}

/** A warning at a place. */
export function warning(place: Place, message: string, path?: string): Problem {
  return { ...problem(place, message, path), severity: "warning" };
}

/** A YAML path as people write it. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

/** `file:line: message (at path)`; `dir` is put before the file. */
export function problemText(found: Problem, dir = ""): string {
  const place = `${dir}${found.file}${found.line === undefined ? "" : `:${found.line}`}`;
  const level = found.severity === "warning" ? "warning: " : "";
  return `${place}: ${level}${found.path === undefined ? "" : `${found.path}: `}${found.message}`;
}
