import type { ContainerSpec } from "../../docker/docker.ts";
import { labelKeys } from "../../images/labels.ts";
import type { LabContainer } from "../../lab/lab.ts";
import { containerName } from "../sandbox.ts";
import { sandboxLabels } from "./sandbox-name.ts";

/** A container of a lab as the engine is told to make it. Others on the network reach it by its short name too. */
export function containerSpec(sandbox: { readonly name: string }, container: LabContainer): ContainerSpec {
  return {
    name: containerName(sandbox, container.name),
    image: container.image,
    env: container.env,
    args: container.args,
    labels: { ...sandboxLabels(sandbox.name), [labelKeys.part]: container.part },
    network: sandbox.name,
    aliases: [container.name],
    ...(container.entrypoint === undefined ? {} : { entrypoint: container.entrypoint }),
    ...(container.cpus === undefined ? {} : { cpus: container.cpus }),
    ...(container.memoryBytes === undefined ? {} : { memoryBytes: container.memoryBytes }),
    ...(container.restart === undefined ? {} : { restart: container.restart }),
  };
}
