import type { ProviderName } from "../lab/topology.ts";
import type { Provider } from "./sandbox.ts";

/** The provider of one sort of sandbox, imported on first use. */
export async function providerOf(name: ProviderName): Promise<Provider> {
  if (name === "kind") return (await import("./kind/provider.ts")).kindProvider;
  return (await import("./docker/provider.ts")).dockerProvider;
}

/** All providers, in the order in which they are searched. */
export async function allProviders(): Promise<readonly Provider[]> {
  return [await providerOf("kind"), await providerOf("docker")];
}
