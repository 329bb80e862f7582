import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Stories in a real browser; `cargo xtask test | demo --smoke | shots | bench` run them, each with its settings. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  test: {
    include: ["**/*.e2e.ts"],
    // A story waits for one thing at a time, each with its own limit; this only ends a run that hangs.
    testTimeout: 600_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    reporters: ["verbose"],
  },
});
