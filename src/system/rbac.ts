import type { KubeObject } from "../kube/kube.ts";
import { labelSelector, selects } from "../kube/label-selector.ts";
import { listAt, textAt } from "../lib/fields.ts";

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

/** A right that a binding gives to somebody. */
export interface Grant {
  /** As the authorizer calls it, with its kind: "serviceaccount ci/deployer", "group system:masters". */
  readonly subject: string;
  /** Where it holds; "" is everywhere. */
  readonly namespace: string;
  readonly right: Right;
  readonly binding: KubeObject;
}

/** The API version of all RBAC objects. */
export const rbacVersion = "rbac.authorization.k8s.io/v1";

/** The kinds of objects that rights come from. */
export const rbacKinds = ["ClusterRole", "Role", "ClusterRoleBinding", "RoleBinding"] as const;

/** How a ServiceAccount is called among subjects. */
export function accountSubject(namespace: string, name: string): string {
  return `serviceaccount ${namespace}/${name}`;
}

const accountUser = /^system:serviceaccount:([^:]+):([^:]+)$/;

function subjectText(subject: unknown): string {
  const [kind, name] = [textAt(subject, "kind"), textAt(subject, "name")];
  if (kind === "ServiceAccount") return accountSubject(textAt(subject, "namespace"), name);
  // The same account under its user name.
  const [, namespace, account] = kind === "User" ? (accountUser.exec(name) ?? []) : [];
  if (namespace !== undefined && account !== undefined) return accountSubject(namespace, account);
  return `${kind.toLowerCase()} ${name}`;
}

/** The rules of a role; where they are collected and not written down (yet, or in a baseline), what the controller will collect. */
function rulesOf(role: KubeObject, roles: readonly KubeObject[], seen: readonly string[] = []): readonly unknown[] {
  const selectors = listAt(role, "aggregationRule", "clusterRoleSelectors").map((one) => labelSelector.parse(one));
  const written = listAt(role, "rules");
  if (selectors.length === 0 || written.length > 0) return written;
  const path = [...seen, role.metadata.name];
  const parts = roles.filter(
    ({ kind, metadata }) =>
      kind === "ClusterRole" &&
      !path.includes(metadata.name) &&
      selectors.some((selector) => selects(selector, metadata.labels ?? {})),
  );
  return parts.flatMap((part) => rulesOf(part, roles, path));
}

/** Every right that somebody has by the bindings among these objects. */
export function grantsIn(objects: readonly KubeObject[]): Grant[] {
  const roles = objects.filter(({ kind }) => kind === "ClusterRole" || kind === "Role");
  const bindings = objects.filter(({ kind }) => kind === "ClusterRoleBinding" || kind === "RoleBinding");
  return bindings.flatMap((binding) => {
    const namespace = binding.kind === "RoleBinding" ? (binding.metadata.namespace ?? "") : "";
    const [kind, name] = [textAt(binding, "roleRef", "kind"), textAt(binding, "roleRef", "name")];
    const role = roles.find(
      (one) =>
        one.kind === kind &&
        one.metadata.name === name &&
        (kind === "ClusterRole" || one.metadata.namespace === namespace),
    );
    if (role === undefined) return [];
    const rights = rightsOf(rulesOf(role, roles));
    return listAt(binding, "subjects").flatMap((one) => {
      const subject = subjectText(one);
      return rights.map((right): Grant => ({ subject, namespace, right, binding }));
    });
  });
}

/** The grants that give their subjects more than they had. */
export function addedGrants(before: readonly Grant[], now: readonly Grant[]): Grant[] {
  return now.filter(
    (grant) =>
      !before.some(
        ({ subject, namespace, right }) =>
          subject === grant.subject &&
          (namespace === "" || namespace === grant.namespace) &&
          includesRight(right, grant.right),
      ),
  );
}
