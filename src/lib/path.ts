import { at } from "./fields.ts";

type Step =
  | { readonly key: string }
  | { readonly index: number }
  | { readonly where: string; readonly is: string }
  | { readonly each: true };

const STEP =
  /(?:^|\.)"([^"]+)"|(?:^|\.)([^.[\]"]+)|\["([^"]+)"\]|\[(-?\d+)\]|\[\*\]|\[([^=\]"]+)=(?:"([^"]*)"|([^\]"]*))\]/y;

function toStep(match: RegExpExecArray): Step {
  const [, quoted, plain, bracketed, index, where, quotedValue, value] = match;
  const key = quoted ?? plain ?? bracketed;
  if (key !== undefined) return { key };
  if (index !== undefined) return { index: Number(index) };
  if (where !== undefined) return { where, is: quotedValue ?? value ?? "" };
  return { each: true };
}

function parse(path: string): Step[] | undefined {
  const steps: Step[] = [];
  const pattern = new RegExp(STEP);
  while (pattern.lastIndex < path.length) {
    const match = pattern.exec(path);
    if (match === null) return undefined;
    steps.push(toStep(match));
  }
  return steps.length === 0 ? undefined : steps;
}

/** True when it is a path that `readPath` understands. */
export function isPath(path: string): boolean {
  return parse(path) !== undefined;
}

function take(values: readonly unknown[], step: Step): unknown[] {
  return values.flatMap((value): unknown[] => {
    if ("key" in step) return [at(value, step.key)];
    if (!Array.isArray(value)) return [undefined];
    if ("index" in step) return [value.at(step.index)];
    // An empty list has no elements, which is as absent as a list that is not there.
    if ("each" in step) return value.length === 0 ? [undefined] : [...value];
    return [value.find((item) => String(at(item, step.where)) === step.is)];
  });
}

/**
 * The values at a path: names joined by dots, `"quoted"` or `["quoted"]` where a name has dots, `[0]` and `[-1]`, `[name=payments]` for the
 * element with that field, `[*]` for all elements. One value without `[*]`; what is not there is undefined.
 */
export function readPath(root: unknown, path: string): readonly unknown[] {
  const steps = parse(path);
  if (steps === undefined) throw new Error(`not a path: ${path}`);
  return steps.reduce<unknown[]>((values, step) => take(values, step), [root]);
}
