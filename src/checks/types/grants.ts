import { z } from "zod";
import type { KubeObject } from "../../kube/kube.ts";
import { loadBaseline } from "../../sandbox/baseline/store.ts";
import { systemNamespace } from "../../sandbox/sandbox.ts";
import { kubeOf, objectText } from "../../system/objects.ts";
import {
  type Grant,
  accountSubject,
  addedGrants,
  grantsIn,
  rbacKinds,
  rbacVersion,
  rightText,
} from "../../system/rbac.ts";
import { type CheckContext, defineCheck, joined, verdict } from "../check.ts";
import { clusterOf } from "../../sandbox/capabilities.ts";
import { holdsObjects } from "../../session/session.ts";

const params = z.strictObject({
  except: z
    .array(z.strictObject({ serviceaccount: z.string(), namespace: z.string().optional() }))
    .default([])
    .describe("Service accounts that may have got rights"),
});

type Params = z.infer<typeof params>;

/** Roles and bindings of the healthy system: the cluster's before the lab, and the lab's. */
async function healthy({ rt, session, sandbox }: CheckContext): Promise<KubeObject[]> {
  const { reference } = session;
  if (reference === undefined || !holdsObjects(reference)) {
    throw new Error("this session has no reference to compare with; run labs reset");
  }
  const baseline = await loadBaseline(rt, clusterOf(sandbox));
  if (baseline === undefined) {
    throw new Error("what this cluster was like before the lab is not known any more; run labs down, then labs start");
  }
  const before = baseline.entries.map(({ apiVersion, kind, name, namespace, fields, labels }): KubeObject => ({
    ...fields,
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...(labels === undefined ? {} : { labels }) },
  }));
  return [...before, ...reference.stage, ...reference.base].filter(({ kind }) => rbacKinds.some((one) => one === kind));
}

function grantText({ subject, namespace, right, binding }: Grant): string {
  const where = namespace === "" ? "everywhere" : `in ${namespace}`;
  return `${subject} may ${rightText(right)} ${where} by ${objectText(binding)}`;
}

/** Rights are for those who need them: nobody else has got any. */
export const grants = defineCheck<Params>({
  name: "grants",
  summary:
    "Against the healthy system at the start: no role or binding gives anybody else rights that they did not have",
  reads: ["sandbox"],
  needs: ["cluster"],
  racy: false,
  params,
  async run({ except }, context) {
    const kube = kubeOf(context);
    const [before, ...lists] = await Promise.all([
      healthy(context),
      ...[...rbacKinds, "ServiceAccount"].map((kind) =>
        kube.list({ apiVersion: kind === "ServiceAccount" ? "v1" : rbacVersion, kind }),
      ),
    ]);
    const live = lists.flat();
    const accounts = new Set(
      live
        .filter(({ kind }) => kind === "ServiceAccount")
        .map(({ metadata }) => accountSubject(metadata.namespace ?? "", metadata.name)),
    );
    const excepted = new Set(
      except.map(({ serviceaccount, namespace }) => accountSubject(namespace ?? context.namespace, serviceaccount)),
    );
    const judged = grantsIn(live).filter(
      ({ subject }) =>
        !excepted.has(subject) &&
        // Our own agent; and an account that does not exist can use nothing.
        !subject.startsWith(accountSubject(systemNamespace, "")) &&
        (!subject.startsWith("serviceaccount ") || accounts.has(subject)),
    );
    const added = addedGrants(grantsIn(before), judged);
    const [first] = added;
    const expected = "nobody else has got rights";
    const observed = added.length === 0 ? "nobody has" : joined(added.map(grantText));
    const lookAt =
      first === undefined
        ? undefined
        : `kubectl get ${objectText(first.binding)} -o yaml${
            first.binding.metadata.namespace === undefined ? "" : ` -n ${first.binding.metadata.namespace}`
          }`;
    return verdict(added.length === 0, expected, observed, { lookAt });
  },
});
