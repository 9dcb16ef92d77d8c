import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Runtime } from "../runtime.ts";

/** True when the file may be executed. */
export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The first program of this name on PATH. */
export async function which(rt: Pick<Runtime, "env">, name: string): Promise<string | undefined> {
  for (const folder of (rt.env["PATH"] ?? "").split(delimiter)) {
    if (folder !== "" && (await isExecutable(join(folder, name)))) return join(folder, name);
  }
  return undefined;
}
