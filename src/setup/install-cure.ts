import type { Runtime } from "../runtime.ts";
import { which } from "./which.ts";

/** Package managers by the program that tells that a system has them. Packages have the same names on all of them unless said. */
const managers = [
  ["apt-get", "apt-get install"],
  ["dnf", "dnf install"],
  ["pacman", "pacman -S"],
  ["zypper", "zypper install"],
  ["apk", "apk add"],
] as const;

/** A command that only root may give, as this user has to type it. */
export function asRoot(rt: Pick<Runtime, "host">, command: string): string {
  return rt.host.uid === 0 ? command : `sudo ${command}`;
}

/** The command that installs packages of the system, as this user has to type it: with sudo unless it is root, with brew on macOS. */
export async function installCure(rt: Pick<Runtime, "env" | "host">, packages: string): Promise<string> {
  if (rt.host.platform === "darwin") return `brew install ${packages}`;
  for (const [program, command] of managers) {
    if ((await which(rt, program)) !== undefined) return asRoot(rt, `${command} ${packages}`);
  }
  return `install ${packages.replaceAll(" ", " and ")}`;
}
