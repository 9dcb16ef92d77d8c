import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { defaultNamespace, publishKubeconfig } from "../../src/sandbox/kind/sandbox-files.ts";
import { runtimeAtHome } from "../fakes/scene.ts";

function kubeconfig(context: string, namespace?: string): string {
  const inside = namespace === undefined ? "" : `, namespace: ${namespace}`;
  return `apiVersion: v1
kind: Config
clusters: [{ name: ${context}, cluster: { server: "https://127.0.0.1:1", certificate-authority-data: ${"QUFB".repeat(60)} } }]
contexts: [{ name: ${context}, context: { cluster: ${context}, user: ${context}${inside} } }]
current-context: ${context}
users: [{ name: ${context}, user: { token: t } }]
`;
}

/** A home whose kubeconfig reads `published`, and the file of a cluster that reads `own`. */
async function scene(published: string, own: string) {
  const { rt: at } = await runtimeAtHome();
  const rt = { ...at, paths: { ...at.paths, kubeconfig: join(at.paths.home, "kubeconfig") } };
  const file = join(at.paths.home, "sandboxes", "cluster.kubeconfig");
  await mkdir(dirname(file));
  await writeFile(file, own);
  await writeFile(rt.paths.kubeconfig, published);
  return { rt, file, read: () => readFile(rt.paths.kubeconfig, "utf8") };
}

test("the lab's namespace becomes the default, and nothing else changes", async () => {
  const { rt, read } = await scene(kubeconfig("kind-a"), "");
  await defaultNamespace(rt, async () => "shop");
  expect(parse(await read())).toEqual(parse(kubeconfig("kind-a", "shop")));
  // The line by which a removed cluster's file is known.
  expect(await read()).toMatch(/^current-context: kind-a$/m);
});

test("one that the learner has chosen stays, also when the next command publishes the cluster again", async () => {
  const { rt, file, read } = await scene(kubeconfig("kind-a", "theirs"), kubeconfig("kind-a"));
  await defaultNamespace(rt, async () => {
    throw new Error("nobody needs to know");
  });
  await publishKubeconfig(rt, file, false);
  expect(parse(await read())).toEqual(parse(kubeconfig("kind-a", "theirs")));
});

test.each([
  ["a new lab", kubeconfig("kind-a", "old"), true],
  ["another cluster", kubeconfig("kind-b", "old"), false],
  ["a file that is none", "current-context: [", false],
])("%s begins without one", async (_name, published, newLab) => {
  const { rt, file, read } = await scene(published, kubeconfig("kind-a"));
  await publishKubeconfig(rt, file, newLab);
  expect(await read()).toBe(kubeconfig("kind-a"));
});
