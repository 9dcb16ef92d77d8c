import { ExitCode } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { baseImageNames, baseImages } from "../images/base-images.ts";
import { requireEngine, runSetup } from "../setup/ensure-ready.ts";

/** Gets everything that labs need onto this machine, except the engine: installing that is the launcher's or the user's part. */
export async function setup(
  rt: Runtime,
  options: {
    /** Also every base image; without it, the first lab that needs one gets it. */
    readonly images?: boolean;
  },
): Promise<ExitCode> {
  const engine = await requireEngine(rt);
  const tools = await runSetup(rt, { kind: true, ...(options.images === true ? { images: baseImageNames } : {}) });
  const lines = [
    `Docker engine   ${engine}`,
    `kind            ${tools.kind}`,
    `kubectl         ${tools.kubectl}`,
    `node image      ${tools.nodeImage}`,
    `sample service  ${tools.goAppImage}`,
    ...(options.images === true ? [`base images     ${baseImages.map(({ ref }) => ref).join(", ")}`] : []),
  ];
  rt.out.write(`${lines.join("\n")}\n`);
  return ExitCode.done;
}
