import { expect, it } from "vitest";
import { deployDns, dnsObjects, printDns } from "../../src/sandbox/kind/deploy-dns.ts";
import { fakeDocker } from "../fakes/docker.ts";
import { fakeKube } from "../fakes/kube.ts";

const printed = `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: coredns, namespace: kube-system }
spec:
  replicas: 2
  template:
    spec:
      nodeSelector:
        kubernetes.io/os: linux
      containers:
      - name: coredns
        readinessProbe:
          httpGet: { path: /ready, port: readiness-probe }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: coredns, namespace: kube-system }
data:
  Corefile: |
    .:53 {
        ready
        forward . /etc/resolv.conf {
           max_concurrent 1000
        }
        cache 30
    }
---
apiVersion: v1
kind: Service
metadata:
  name: kube-dns
  namespace: kube-system
  resourceVersion: "0"
`;

it("closes DNS, keeps one pod of it where no drain comes by, and looks at it every second", () => {
  const [deployment, map, service] = dnsObjects(printed);
  expect(map?.["data"]).toEqual({ Corefile: ".:53 {\n    ready\n    cache 30\n}\n" });
  expect(service?.metadata).toEqual({ name: "kube-dns", namespace: "kube-system" });
  expect(deployment?.["spec"]).toMatchObject({
    replicas: 1,
    template: {
      spec: {
        nodeSelector: { "kubernetes.io/os": "linux", "node-role.kubernetes.io/control-plane": "" },
        containers: [{ readinessProbe: { httpGet: { path: "/ready" }, periodSeconds: 1 } }],
      },
    },
  });
});

it("makes what pods ask for before the pods", async () => {
  const made: string[] = [];
  const kube = fakeKube([], {
    create: async (object) => {
      made.push(object.kind);
      return object;
    },
  });
  const docker = fakeDocker([], { exec: async () => ({ exitCode: 0, stdout: printed, stderr: "" }) });
  await deployDns(kube, await printDns(docker, ["one-control-plane", "one-worker"]));
  expect(made).toEqual(["ConfigMap", "Service", "Deployment"]);
});

it("names the node whose kubeadm does not print", async () => {
  const docker = fakeDocker([], { exec: async () => ({ exitCode: 1, stdout: "", stderr: "unknown flag\n" }) });
  await expect(printDns(docker, ["one-control-plane"])).rejects.toMatchObject({
    exitCode: 3,
    message: "kubeadm on one-control-plane does not print its DNS: unknown flag",
  });
});
