import { addressesProbe } from "../setup/probes/addresses.ts";
import { baseImageProbes } from "../setup/probes/base-images.ts";
import { cgroupProbe } from "../setup/probes/cgroup.ts";
import { cpuProbe } from "../setup/probes/cpu.ts";
import { diskProbe } from "../setup/probes/disk.ts";
import { dockerFilesProbe } from "../setup/probes/docker-files.ts";
import { engineProbe } from "../setup/probes/engine.ts";
import type { Probe } from "../setup/probes/finding.ts";
import { goAppImageProbe } from "../setup/probes/go-app-image.ts";
import { inotifyProbe } from "../setup/probes/inotify.ts";
import { kindProbe } from "../setup/probes/kind.ts";
import { kubectlProbe } from "../setup/probes/kubectl.ts";
import { memoryProbe } from "../setup/probes/memory.ts";
import { nodeImageProbe } from "../setup/probes/node-image.ts";
import { privilegedProbe } from "../setup/probes/privileged.ts";
import { rootlessProbe } from "../setup/probes/rootless.ts";
import { publishedPortsProbe } from "../sandbox/probes/published-ports.ts";
import { staleClustersProbe } from "../sandbox/probes/stale-clusters.ts";

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
