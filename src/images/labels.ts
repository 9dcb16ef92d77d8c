/** Labels on everything this program makes in Docker: networks, containers, volumes. */
export const labelKeys = {
  /** Six hex digits of the LABS_HOME that owns it. */
  home: "dev.labs.home",
  /** Path of that LABS_HOME; on networks alone. */
  homePath: "dev.labs.home-path",
  /** Name of the sandbox. */
  sandbox: "dev.labs.sandbox",
  /** stage or base, for containers of Docker labs. */
  part: "dev.labs.part",
} as const;
