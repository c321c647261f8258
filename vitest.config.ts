import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const full = process.env.AMEMC_TEST_FULL === "1";

/** What the soak test shares. */
export const shared = defineConfig({
  plugins: [
    {
      // The same as esbuild's text loader in scripts/build.mjs.
      name: "amem-text",
      transform(code: string, id: string) {
        return id.endsWith(".amem") ? { code: `export default ${JSON.stringify(code)};`, map: null } : null;
      },
    },
  ],
  test: {
    include: ["test/**/*.test.ts"],
    exclude: full ? [] : ["test/**/*.full.test.ts"],
    globalSetup: ["test/global-setup.ts"],
    // Generated code is large and needs no transforming.
    server: { deps: { external: [/\.validate\.js$/] } },
    pool: "forks",
    // By itself vitest leaves one core out: of two it would use one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 120_000,
    hookTimeout: 180_000,
    teardownTimeout: 10_000,
  },
});

export default shared;
