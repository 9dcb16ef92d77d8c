import { defineConfig } from "vitest/config";

// Tests hand in all that they use, so files share one process; loading the program anew for each would take most of the time.
// A busy machine takes its time.
const fast = { isolate: false, testTimeout: 60_000 };
// In CI a test on a real engine is run once more before it counts as failed; scripts/test.mjs names every one that needed it.
const retry = process.env["CI"] === undefined ? 0 : 1;
const slow = { retry, testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false };

export default defineConfig({
  test: {
    restoreMocks: true,
    unstubEnvs: true,
    retry: 0,
    projects: [
      {
        extends: true,
        test: { name: "unit", globalSetup: ["test/temp-folder.ts"], include: ["test/unit/**/*.test.ts"], ...fast },
      },
      {
        extends: true,
        test: { name: "labs", globalSetup: ["test/temp-folder.ts"], include: ["test/labs/**/*.test.ts"], ...fast },
      },
      {
        extends: true,
        test: {
          name: "integration",
          globalSetup: ["test/temp-folder.ts"],
          include: ["test/integration/**/*.test.ts"],
          ...slow,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/temp-folder.ts", "test/e2e/install-packed.ts"],
          ...slow,
        },
      },
    ],
  },
});
