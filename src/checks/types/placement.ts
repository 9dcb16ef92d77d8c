import { z } from "zod";
import { hasLabels } from "../../kube/label-selector.ts";
import { type PlacedCopy, labelsText, placing } from "../../system/placing.ts";
import { nodeLabels } from "../../lab/format/node-schema.ts";
import { defineCheck, joined, verdict } from "../check.ts";
import { recordOf } from "../recorded.ts";

const params = z
  .strictObject({
    from: z.string().describe("Name of the place action"),
    onNodes: nodeLabels.optional().describe("Every copy went to a node with these labels"),
    on: nodeLabels.optional().describe("`onNodes` as it was called before; YAML 1.1 reads this key as true"),
    notOn: nodeLabels.optional().describe("No copy went to a node with these labels"),
    pending: z.literal(true).optional().describe("No copy went anywhere"),
  })
  .refine(
    ({ onNodes, on, notOn, pending }) => [onNodes, on, notOn, pending].filter((one) => one !== undefined).length === 1,
    "give one of onNodes, notOn, pending",
  )
  .transform(({ on, onNodes = on, ...rest }) => ({ ...rest, onNodes }));

type Params = z.infer<typeof params>;

function isRight({ node, labels }: PlacedCopy, { onNodes, notOn }: Params): boolean {
  if (onNodes !== undefined) return node !== "" && hasLabels(labels, onNodes);
  return notOn === undefined ? node === "" : !hasLabels(labels, notOn);
}

function wanted({ onNodes, notOn }: Params): string {
  if (onNodes !== undefined) return `every copy is placed on a node with ${labelsText(onNodes)}`;
  return notOn === undefined ? "no copy is placed" : `no copy is placed on a node with ${labelsText(notOn)}`;
}

function text({ name, node, why }: PlacedCopy): string {
  return node === "" ? `${name} was not placed: ${why}` : `${name} was placed on ${node}`;
}

/** Where the scheduler placed copies of a workload. */
export const placement = defineCheck<Params>({
  name: "placement",
  summary: "Copies that a place action made went to the right nodes, not to the wrong ones, or nowhere",
  reads: ["record"],
  needs: ["cluster"],
  racy: false,
  params,
  async run(given, context) {
    const { from } = given;
    const all = recordOf(context).actions.filter(({ action }) => action === "place");
    const expected = `${from}: ${wanted(given)}`;
    const action = all.find(({ data }) => data["name"] === from);
    if (action === undefined) return verdict(false, expected, `no action ${from} ran`);
    const { of, copies } = placing.parse(action.data);
    const lookAt = `kubectl -n ${context.namespace} get ${of} -o yaml`;
    if (!action.finished || copies.length === 0) return verdict(false, expected, action.detail, { lookAt });
    const off = copies.filter((copy) => !isRight(copy, given));
    const observed = joined((off.length > 0 ? off : copies).map(text));
    return verdict(off.length === 0, expected, observed, { lookAt, data: { copies } });
  },
});
