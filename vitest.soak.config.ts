import { defineConfig } from "vitest/config";
import { shared } from "./vitest.config.js";

/** `npm run test:soak`: long, with random kills; not a part of `npm test`. */
export default defineConfig({
  ...shared,
  test: { ...shared.test, include: ["test/soak/*.soak.ts"], exclude: [], testTimeout: 3_600_000 },
});
