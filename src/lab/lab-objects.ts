import type { KubeObject } from "../kube/kube.ts";
import type { Lab } from "./lab.ts";

/** An object of a lab's manifests and the part it belongs to. */
export interface LabObject {
  readonly object: KubeObject;
  readonly part: "stage" | "base" | "fault";
}

/** Every object that a lab brings. */
export function labObjects(lab: Lab): LabObject[] {
  const faults = lab.variants.flatMap((variant) =>
    variant.fault.flatMap((entry) => (entry.do === "apply" ? entry.objects : [])),
  );
  return [
    ...lab.stage.map((object): LabObject => ({ object, part: "stage" })),
    ...lab.base.map((object): LabObject => ({ object, part: "base" })),
    ...faults.map((object): LabObject => ({ object, part: "fault" })),
  ];
}

/** `deployment/web`, for messages. */
export function objectName(object: KubeObject): string {
  return `${object.kind.toLowerCase()}/${object.metadata.name}`;
}
