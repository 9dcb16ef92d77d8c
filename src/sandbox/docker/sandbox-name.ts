import { labelKeys } from "../../images/labels.ts";
import type { Runtime } from "../../runtime.ts";
import { homeId } from "../home-id.ts";

const pattern = /^labs-([0-9a-f]{6})$/;

/** Name of this home's Docker sandbox, and of its network. */
export function dockerSandboxName(rt: Pick<Runtime, "paths">): string {
  return `labs-${homeId(rt)}`;
}

/** True for Docker sandboxes of any home; kind's have a suffix. */
export function isDockerSandboxName(name: string): boolean {
  return pattern.test(name);
}

/** Labels of everything that belongs to a Docker sandbox. */
export function sandboxLabels(name: string): Record<string, string> {
  return { [labelKeys.home]: pattern.exec(name)?.[1] ?? "", [labelKeys.sandbox]: name };
}

/** Label filter that finds them. */
export function sandboxFilter(name: string): string {
  return `${labelKeys.sandbox}=${name}`;
}
