/** Specs that use every form of the language. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("fixtures/", import.meta.url));

export const fixtures: readonly { readonly file: string; readonly text: string }[] = readdirSync(folder)
  .filter((file) => file.endsWith(".amem"))
  .sort()
  .map((file) => ({ file, text: readFileSync(folder + file, "utf8") }));
