// What the tests need on disk before the first one starts: validators and bundles that are newer than the sources.
import { build } from "../scripts/build.mjs";
import { say } from "../scripts/lib/say.mjs";
import { buildIsCurrent } from "../scripts/lib/sources.mjs";
import { generateValidators } from "../scripts/lib/validators.mjs";

export async function setup(): Promise<void> {
  await generateValidators();
  if (buildIsCurrent()) return;
  try {
    await build(say);
  } catch (error) {
    if (process.env.CI === "true") throw error;
    say(
      `the bundles are old, tests of whole commands may fail: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
