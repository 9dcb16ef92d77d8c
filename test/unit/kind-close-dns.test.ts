import { expect, it } from "vitest";
import { closeDns, withoutForward } from "../../src/sandbox/kind/close-dns.ts";
import { fakeKube } from "../fakes/kube.ts";

const open = `.:53 {
    errors
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
    }
    loop
}
`;
const closed = open.replace(/ {4}forward[^}]*\}\n/, "");

it("takes out the forward block and nothing else", () => {
  expect(withoutForward(open)).toBe(closed);
  expect(withoutForward(closed)).toBe(closed);
});

it("takes out one-line forms, also several", () => {
  expect(withoutForward(".:53 {\n  forward . 1.1.1.1\n  forward example.com 8.8.8.8\n  cache\n}\n")).toBe(
    ".:53 {\n  cache\n}\n",
  );
});

it("changes nothing where nothing is open", async () => {
  const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "coredns", namespace: "kube-system" } };
  expect(await closeDns(fakeKube([{ ...map, data: { Corefile: closed } }]))).toBe(false);
});

const pod = (name: string, status: object) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
  status,
});

it("restarts only DNS pods that have started with the old file", async () => {
  const deleted: string[] = [];
  const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "coredns", namespace: "kube-system" } };
  const kube = fakeKube(
    [{ ...map, data: { Corefile: open } }, pod("up", { podIP: "10.244.2.2" }), pod("pending", {})],
    {
      patch: async (ref, patch) => {
        expect(ref).toMatchObject({ kind: "ConfigMap", name: "coredns" });
        expect(patch).toEqual({ data: { Corefile: closed } });
        return { ...map };
      },
      delete: async (ref) => {
        deleted.push(ref.name);
        return true;
      },
    },
  );
  expect(await closeDns(kube)).toBe(true);
  expect(deleted).toEqual(["up"]);
});
