import { listAt } from "../../lib/fields.ts";

/** One thing that an RBAC rule allows: a verb on a resource, or on a path of the API server. "*" is any. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  /** With its subresource: deployments/scale. */
  readonly resource: string;
  /** The one object that it is about; "" is all. */
  readonly name: string;
  /** "" for resources. */
  readonly url: string;
}

function texts(rule: unknown, key: string): readonly string[] {
  return listAt(rule, key).map(String);
}

/** What rules allow, as PolicyRule, ResourceRule and NonResourceRule write it. */
export function rightsOf(rules: readonly unknown[]): Right[] {
  return rules.flatMap((rule) => {
    const names = texts(rule, "resourceNames");
    return texts(rule, "verbs").flatMap((verb) => [
      ...texts(rule, "apiGroups").flatMap((group) =>
        texts(rule, "resources").flatMap((resource) =>
          (names.length === 0 ? [""] : names).map((name): Right => ({ verb, group, resource, name, url: "" })),
        ),
      ),
      ...texts(rule, "nonResourceURLs").map((url): Right => ({ verb, group: "", resource: "", name: "", url })),
    ]);
  });
}

function matches(wide: string, narrow: string): boolean {
  return wide === "*" || wide === narrow;
}

function urlMatches(wide: string, narrow: string): boolean {
  return wide.endsWith("*") ? narrow.startsWith(wide.slice(0, -1)) : wide === narrow;
}

function resourceMatches(wide: string, narrow: string): boolean {
  // "*/scale" is that subresource of everything.
  const [, part] = wide.startsWith("*/") ? wide.split("/") : [];
  return matches(wide, narrow) || (part !== undefined && narrow.split("/")[1] === part);
}

/** True when whoever has `wide` has `narrow` by it, as the RBAC authorizer decides. */
export function includesRight(wide: Right, narrow: Right): boolean {
  if (!matches(wide.verb, narrow.verb)) return false;
  if (wide.url !== "" || narrow.url !== "") {
    return wide.url !== "" && narrow.url !== "" && urlMatches(wide.url, narrow.url);
  }
  return (
    matches(wide.group, narrow.group) &&
    resourceMatches(wide.resource, narrow.resource) &&
    (wide.name === "" || wide.name === narrow.name)
  );
}

/** A right in a message: "list secrets", "patch deployments.apps web". */
export function rightText({ verb, group, resource, name, url }: Right): string {
  if (url !== "") return `${verb} ${url}`;
  return `${verb} ${resource}${group === "" ? "" : `.${group}`}${name === "" ? "" : ` ${name}`}`;
}
