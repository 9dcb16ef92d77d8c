import { addons } from "../../images/addons.ts";
import { clusterTopology } from "../topology.ts";
import type { Rule } from "./rule.ts";
import { unknownName } from "./unknown-name.ts";

/** A lab asks for add-ons that there are. */
export const knownAddons: Rule = ({ lab, place }) => {
  const known = addons.map(({ name }) => name);
  const asked = clusterTopology(lab.topology)?.addons ?? [];
  return asked.flatMap((name) =>
    unknownName(name, known, place(["sandbox", "kind", "addons"]), "the sandbox", "add-on"),
  );
};
