import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

/** An answer of the scripted API server; `hang` never ends, `mute` never begins, `lines` are streamed before the connection closes. */
export type Scripted =
  | { status?: number; body: unknown }
  | { hang: true }
  | { mute: true }
  | { lines: readonly unknown[] }
  | ((request: { body: unknown }) => { status?: number; body: unknown });

const discovery = {
  "GET /api": {
    items: [
      {
        versions: [
          {
            version: "v1",
            resources: [
              { resource: "pods", responseKind: { kind: "Pod" }, scope: "Namespaced", verbs: ["get", "list"] },
              { resource: "configmaps", responseKind: { kind: "ConfigMap" }, scope: "Namespaced", verbs: ["list"] },
              { resource: "nodes", responseKind: { kind: "Node" }, scope: "Cluster", verbs: ["list"] },
            ],
          },
        ],
      },
    ],
  },
  "GET /apis": {
    items: [
      {
        metadata: { name: "autoscaling" },
        versions: ["v2", "v1"].map((version) => ({
          version,
          resources: [
            {
              resource: "horizontalpodautoscalers",
              responseKind: { kind: "HorizontalPodAutoscaler" },
              scope: "Namespaced",
              verbs: ["list"],
            },
          ],
        })),
      },
      // What an APIService whose server is down looks like.
      { metadata: { name: "metrics.k8s.io" }, versions: [{ version: "v1beta1", freshness: "Stale" }] },
    ],
  },
};

/** An HTTP server that answers the listed requests, each in order; any other request is recorded as `unlisted` and gets a 500. */
export async function startApiServer(script: Record<string, Scripted[]>) {
  const unlisted: string[] = [];
  const seen: { call: string; body: unknown; headers: http.IncomingHttpHeaders }[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const call = `${request.method} ${request.url}`;
      const text = Buffer.concat(chunks).toString();
      const body: unknown = text === "" ? undefined : JSON.parse(text);
      const known = Object.entries(discovery).find(([key]) => key === call)?.[1];
      if (known !== undefined) {
        response.end(JSON.stringify(known));
        return;
      }
      seen.push({ call, body, headers: request.headers });
      const next = script[call]?.shift();
      if (next === undefined) {
        unlisted.push(call);
        response.writeHead(500).end("unlisted");
      } else if ("hang" in next) response.flushHeaders();
      else if ("mute" in next) return;
      else if ("lines" in next) {
        for (const line of next.lines) response.write(`${JSON.stringify(line)}\n`);
        response.end();
      } else {
        const answer = typeof next === "function" ? next({ body }) : next;
        response.writeHead(answer.status ?? 200);
        response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
      }
    });
  });
  let accepted = 0;
  server.on("connection", () => {
    accepted += 1;
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const folder = await mkdtemp(path.join(tmpdir(), "labs-kube-"));
  const kubeconfig = path.join(folder, "kubeconfig");
  const config = {
    "current-context": "x",
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    clusters: [
      { name: "c", cluster: { server: `http://127.0.0.1:${address.port}`, "insecure-skip-tls-verify": true } },
    ],
    users: [{ name: "u", user: { token: "first" } }],
  };
  await writeFile(kubeconfig, JSON.stringify(config));
  return {
    kubeconfig,
    unlisted,
    seen,
    connections: () => promisify(server.getConnections.bind(server))(),
    /** All that were ever made. */
    accepted: () => accepted,
    closeIdle: () => server.closeIdleConnections(),
    async close() {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}
