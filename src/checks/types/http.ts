import { z } from "zod";
import type { AgentAnswer } from "../../sandbox/agent/load-agent.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import { type CheckContext, defineCheck, verdict } from "../check.ts";

const allow = z.strictObject({
  status: z
    .union([z.number().int(), z.array(z.number().int()).min(1)])
    .optional()
    .describe("Default: any 2xx"),
  body: z.string().optional().describe("Regular expression that the body matches"),
  proof: z.literal(true).optional().describe("Only the lab's own service can give this answer"),
});

const deny = z.strictObject({
  kind: z.enum(["refused", "reset", "timeout", "unreachable"]).optional().describe("Default: any of them"),
});

const params = z
  .strictObject({
    url: z.url({ protocol: /^http$/ }).optional(),
    to: z
      .string()
      .regex(/^(service|container)\/[a-z0-9.-]+$/, "write service/NAME or container/NAME")
      .optional(),
    port: z.number().int().min(1).max(65_535).default(80),
    path: z.string().startsWith("/").default("/"),
    method: z.enum(["GET", "POST", "HEAD"]).default("GET"),
    namespace: z.string().optional(),
    expect: z.union([z.strictObject({ allow }), z.strictObject({ deny })]).default({ allow: {} }),
    control: z
      .url({ protocol: /^http$/ })
      .optional()
      .describe("Must answer, or a denial says nothing"),
  })
  .refine(({ url, to }) => (url === undefined) !== (to === undefined), "give either url or to")
  .refine(
    ({ expect, control }) => !("deny" in expect) || control !== undefined,
    "deny needs a control that is allowed",
  );

type Params = z.infer<typeof params>;

const timeoutMs = 5000;

function urlOf(given: Params, context: CheckContext): string {
  const [kind, name = ""] = (given.to ?? "").split("/");
  const namespace = given.namespace ?? context.namespace;
  const host = kind === "container" ? containerName(context.sandbox, name) : `${name}.${namespace}.svc.cluster.local`;
  return given.url ?? `http://${host}:${given.port}${given.path}`;
}

function isAllowed(answer: AgentAnswer, { status, body }: z.infer<typeof allow>): boolean {
  const wanted = typeof status === "number" ? [status] : status;
  const good = wanted === undefined ? answer.status >= 200 && answer.status < 300 : wanted.includes(answer.status);
  return good && answer.kind !== "proof" && (body === undefined || new RegExp(body, "m").test(answer.body));
}

function isDenied(answer: AgentAnswer, kind: string | undefined): boolean {
  // A name that does not resolve is a service that is not there, which is no denial.
  const denials = kind === undefined ? ["refused", "reset", "timeout", "unreachable"] : [kind];
  return answer.status === 0 && denials.includes(answer.kind);
}

function seen(answer: AgentAnswer): string {
  if (answer.status === 0) return `${answer.kind} after ${Math.round(answer.ms)} ms: ${answer.error}`;
  const body = answer.body.trim().replaceAll(/\s+/g, " ").slice(0, 80);
  const proof = answer.kind === "proof" ? " without the proof of the lab's own service" : "";
  return `status ${answer.status}${proof}${body === "" ? "" : `: ${body}`}`;
}

/** One request from inside the sandbox. */
export const http = defineCheck<Params>({
  name: "http",
  summary: "A request from inside the sandbox is answered as told, or denied while the control is answered",
  reads: ["sandbox"],
  needs: [],
  racy: true,
  params,
  async run(given, context) {
    const { agent } = context.sandbox;
    const url = urlOf(given, context);
    if ("deny" in given.expect) {
      const { kind } = given.expect.deny;
      const expected = `${url} denied${kind === undefined ? "" : ` (${kind})`} while ${given.control ?? ""} answers`;
      const control = await agent.request({ url: given.control ?? "", timeoutMs });
      const answer = await agent.request({ url, method: given.method, timeoutMs });
      // An answer is no denial, whatever the control says; where nothing at all is answered, a denial shows nothing.
      if (answer.status === 0 && !isAllowed(control, {})) {
        return { outcome: "error", expected, observed: `the control gave ${seen(control)}` };
      }
      return verdict(isDenied(answer, kind), expected, `${url} gave ${seen(answer)}`);
    }
    const { status, body, proof } = given.expect.allow;
    const key = context.session.values["token"];
    if (proof === true && key === undefined) throw new Error("this session has no token, so no answer can be proven");
    const proven = proof === true && key !== undefined ? { nonce: true, key } : {};
    const answer = await agent.request({ url, method: given.method, timeoutMs, ...proven });
    const parts = [
      `${given.method} ${url} gives ${status === undefined ? "2xx" : String(status)}`,
      body === undefined ? "" : `body /${body}/`,
      proof === true ? "proof of the lab's own service" : "",
    ];
    const expected = parts.filter((part) => part !== "").join(", ");
    return verdict(isAllowed(answer, given.expect.allow), expected, seen(answer));
  },
});
