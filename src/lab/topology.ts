/** What a lab asks of its sandbox. */
export type Topology =
  | { readonly provider: "kind"; readonly workers: number; readonly fresh: boolean }
  | { readonly provider: "docker" };
