import { environmentError, messageOf } from "../../lib/errors.ts";
import type { Runtime } from "../../runtime.ts";
import type { Step, StepHandle } from "../../ui/steps.ts";
import { ensureGo } from "../go-toolchain.ts";
import { imageLabel } from "../engine.ts";
import { builtNodeImage, pulledNodeImage, recipeLabel, versions } from "../../images/versions.ts";
import { assembleNodeImage } from "./assemble.ts";
import { compileModule, goArch } from "./compile.ts";
import { findNodeImage, nodeRecipeDigest } from "./find.ts";
import { fitPulled, kubernetesMinor, namedNodeImage, type Fitted } from "./fit.ts";
import { readKindFiles } from "./kind-files.ts";
import { kubernetesModule, nodeModules, type GoModule } from "./modules.ts";
import { pullImage } from "./pull.ts";
import { debianRoot, rootObstacle } from "./root.ts";

/** Pulls a node image unless it is here, and makes the local image of it that clusters start from. */
async function pullAndFit(rt: Runtime, ref: string, note: (text: string) => void): Promise<Fitted> {
  const here = (await imageLabel(rt, ref, recipeLabel)) !== undefined;
  const pulled = here ? { ok: true as const } : await pullImage(rt, ref, note);
  if (!pulled.ok) return pulled;
  note("putting the pod network in");
  return fitPulled(rt, ref);
}

/**
 * Gets a node image: the one that is there, else pulled, else built from source. The one that LABS_NODE_IMAGE names is pulled or an error.
 * `onReady` is told which.
 */
export function nodeImageSteps(
  rt: Runtime,
  onReady: (ref: string) => void,
  pullRef: string = pulledNodeImage,
): readonly Step[] {
  const named = namedNodeImage(rt);
  const ref = named ?? pullRef;
  let have: string | undefined;
  let whyNotPulled = "";
  const programs: Record<string, string> = {};
  let root = "";
  const ready = (image: string): void => {
    have = image;
    onReady(image);
  };
  const skip = (): string | false => (have === undefined ? false : "not needed");

  const compile = async (modules: readonly GoModule[], step: StepHandle): Promise<void> => {
    const go = await ensureGo(rt, (text) => step.note(text));
    for (const module of modules) {
      programs[module.name] = await compileModule(rt, go, module, { os: "linux", arch: goArch(rt) }, (text) =>
        step.note(text),
      );
    }
  };

  return [
    {
      title: `Node image: ${named === undefined ? "try to pull " : ""}${ref.split("@")[0]}`,
      skip: async () => {
        const found = await findNodeImage(rt, pullRef);
        if (found === undefined) return false;
        ready(found);
        return "already there";
      },
      run: async (step) => {
        const pulled = await pullAndFit(rt, ref, (text) => step.note(text));
        if (pulled.ok) {
          ready(pulled.ref);
          return;
        }
        if (named !== undefined) {
          throw environmentError(`LABS_NODE_IMAGE names ${named}, which cannot be used: ${pulled.why}`, {
            cure: `name a kindest/node of Kubernetes ${kubernetesMinor} that is here or can be pulled, or unset LABS_NODE_IMAGE`,
          });
        }
        whyNotPulled = pulled.why;
        const obstacle = await rootObstacle(rt);
        if (obstacle !== undefined) {
          throw environmentError(`the node image can neither be pulled (${whyNotPulled}) nor built: ${obstacle.what}`, {
            cure: obstacle.cure,
          });
        }
        step.note(`building from source instead: ${whyNotPulled}`);
      },
    },
    {
      title: "Node image: Debian root (about 1 min when cold)",
      skip,
      run: async (step) => {
        root = await debianRoot(rt, (text) => step.note(text)).catch((error: unknown) => {
          if (rt.signal.aborted || whyNotPulled === "") throw error;
          const cure =
            "let this machine reach a registry (docker.io) or a Debian mirror (LABS_DEBIAN_MIRROR), and try again";
          throw environmentError(`no node image: pull failed (${whyNotPulled}); ${messageOf(error)}`, {
            cure,
            cause: error,
          });
        });
      },
    },
    {
      title: `Node image: compile Kubernetes ${versions.kubernetes} (about 7 min when cold)`,
      skip,
      run: (step) => compile([kubernetesModule], step),
    },
    {
      title: "Node image: compile containerd, etcd, CoreDNS and the rest (about 5 min when cold)",
      skip,
      run: (step) => compile(nodeModules, step),
    },
    {
      title: `Node image: put ${builtNodeImage} together`,
      skip,
      run: async (step) => {
        const go = await ensureGo(rt, (text) => step.note(text));
        const parts = { programs, root, kind: await readKindFiles(rt, go) };
        await assembleNodeImage(rt, parts, await nodeRecipeDigest(rt), (text) => step.note(text));
        ready(builtNodeImage);
      },
    },
  ];
}
