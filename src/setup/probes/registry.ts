import { addressesProbe } from "./addresses.ts";
import { baseImageProbes } from "./base-images.ts";
import { cgroupProbe } from "./cgroup.ts";
import { cpuProbe } from "./cpu.ts";
import { diskProbe } from "./disk.ts";
import { dockerFilesProbe } from "./docker-files.ts";
import { engineProbe } from "./engine.ts";
import type { Probe } from "./finding.ts";
import { goAppImageProbe } from "./go-app-image.ts";
import { inotifyProbe } from "./inotify.ts";
import { kindProbe } from "./kind.ts";
import { kubectlProbe } from "./kubectl.ts";
import { memoryProbe } from "./memory.ts";
import { nodeImageProbe } from "./node-image.ts";
import { privilegedProbe } from "./privileged.ts";
import { rootlessProbe } from "./rootless.ts";
import { publishedPortsProbe } from "./published-ports.ts";
import { staleClustersProbe } from "./stale-clusters.ts";

/** Every probe, in the order in which `labs doctor` prints them. */
export const probes: readonly Probe[] = [
  engineProbe,
  rootlessProbe,
  dockerFilesProbe,
  privilegedProbe,
  kindProbe,
  kubectlProbe,
  nodeImageProbe,
  goAppImageProbe,
  ...baseImageProbes,
  cpuProbe,
  memoryProbe,
  diskProbe,
  inotifyProbe,
  cgroupProbe,
  addressesProbe,
  publishedPortsProbe,
  staleClustersProbe,
];
