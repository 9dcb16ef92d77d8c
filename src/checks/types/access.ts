import { z } from "zod";
import { accessShape, accessText, type Access, mayAccess, subjectExists, tryAccess } from "../../system/access.ts";
import { type CheckContext, defineCheck, joined, verdict } from "../check.ts";
import { kubeOf } from "../../system/objects.ts";

const params = z.strictObject({
  allow: z.array(accessShape).min(1).describe("A denial counts only beside an access that works"),
  deny: z.array(accessShape).default([]),
});

type Params = z.infer<typeof params>;

async function ask(context: CheckContext, one: Access): Promise<{ readonly allowed: boolean; readonly why: string }> {
  const kube = kubeOf(context);
  // The authorizer also speaks of subjects that do not exist, which could not use what it allows them.
  if (!(await subjectExists(kube, one, context.namespace))) return { allowed: false, why: "no such serviceaccount" };
  if (one.real === true) return tryAccess(kube, one, context.namespace);
  return mayAccess(kube, one, context.namespace);
}

/** What subjects may do, asked of the API server's authorizer or tried. */
export const access = defineCheck<Params>({
  name: "access",
  summary: "Subjects may do what is in `allow` and may not do what is in `deny`",
  reads: ["sandbox"],
  needs: ["cluster"],
  racy: true,
  params,
  async run({ allow, deny }, context) {
    const answers = await Promise.all(
      [...allow.map((one) => ({ one, wanted: true })), ...deny.map((one) => ({ one, wanted: false }))].map(
        async (entry) => ({
          ...entry,
          answer: await ask(context, entry.one),
        }),
      ),
    );
    const wrong = answers.filter(({ wanted, answer }) => answer.allowed !== wanted);
    const text = wrong.map(({ one, answer }) => {
      const why = answer.why === "" ? "" : ` (${answer.why})`;
      return `${accessText(one, context.namespace)} is ${answer.allowed ? "allowed" : "denied"}${why}`;
    });
    // Of a failure only what it is about: lists are long.
    const shown = wrong.length > 0 ? wrong : answers;
    const [first] = shown;
    const may = (wanted: boolean): string[] => {
      const texts = shown
        .filter((entry) => entry.wanted === wanted)
        .map(({ one }) => accessText(one, context.namespace));
      return texts.length === 0 ? [] : [`${wanted ? "allowed" : "denied"}: ${joined(texts)}`];
    };
    const expected = [...may(true), ...may(false)].join("; ");
    const observed = wrong.length === 0 ? `${allow.length} allowed, ${deny.length} denied, as told` : joined(text);
    const lookAt = first === undefined ? undefined : lookAtAccess(first.one, context.namespace);
    return verdict(wrong.length === 0, expected, observed, { lookAt });
  },
});

function lookAtAccess(one: Access, fallback: string): string {
  const { subject } = one;
  const as =
    "user" in subject
      ? subject.user
      : `system:serviceaccount:${subject.namespace ?? fallback}:${subject.serviceaccount}`;
  const namespace = one.namespace ?? fallback;
  const where = namespace === "" ? "-A" : `-n ${namespace}`;
  const group = one.group === "" ? "" : `.${one.group}`;
  const subresource = one.subresource === undefined ? "" : ` --subresource=${one.subresource}`;
  return `kubectl ${where} auth can-i ${one.verb} ${one.resource}${group}${subresource} --as=${as}`;
}
