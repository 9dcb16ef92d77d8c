import { addressesProbe } from "../setup/probes/addresses.ts";
import {
  baseImageProbes,
  goAppImageProbe,
  kindProbe,
  kubectlProbe,
  nodeImageProbe,
} from "../setup/probes/installed.ts";
import { cgroupProbe, cpuProbe, diskProbe, inotifyProbe, memoryProbe } from "../setup/probes/machine.ts";
import { dockerFilesProbe, engineProbe, privilegedProbe, rootlessProbe } from "../setup/probes/engine.ts";
import type { Probe } from "../setup/probes/probe.ts";
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
