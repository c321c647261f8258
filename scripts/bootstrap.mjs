// The work of scripts/bootstrap. Each step leaves a stamp, so that a start with nothing to do takes a tenth of a second
// and an interrupted one goes on where it was.
import { join } from "node:path";
import { withLock } from "./lib/lock.mjs";
import { ensurePackages, packagesSettled } from "./lib/packages.mjs";
import { cacheFolder, root } from "./lib/paths.mjs";
import { reason, Refusal, say } from "./lib/say.mjs";
import { buildIsCurrent } from "./lib/sources.mjs";
import { settledNative } from "./native/ensure.mjs";
import { setupNative } from "./native/setup.mjs";

const OLDEST_NODE = 20;
const env = process.env;
const retry = process.argv.includes("--retry") || env.AMEMC_REQUIRE_NATIVE === "1";
const job = { root, cache: cacheFolder(), env, say, retry };

/** @param {import("./native/ensure.mjs").Native} native */
function demand(native) {
  if (env.AMEMC_REQUIRE_NATIVE !== "1" || native.xla === true) return;
  const found = native.source === "none" ? "there is none" : `TensorFlow ${native.version ?? ""} has no XLA`;
  throw new Refusal(`AMEMC_REQUIRE_NATIVE asks for native TensorFlow with XLA, but ${found} (${native.why ?? ""})`);
}

async function bootstrap() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < OLDEST_NODE)
    throw new Refusal(`Node ${OLDEST_NODE} or newer is needed, this is ${process.versions.node}`);
  const settled = packagesSettled(root) ? settledNative(job) : null;
  if (settled !== null && buildIsCurrent()) {
    demand(settled);
    return;
  }
  await withLock(join(root, "dist/bootstrap.lock"), say, async () => {
    await ensurePackages(job);
    demand(await setupNative(job));
    const { buildIfNeeded } = await import("./build.mjs");
    await buildIfNeeded(say);
  });
}

try {
  await bootstrap();
} catch (error) {
  say(
    error instanceof Refusal
      ? reason(error)
      : `set-up failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  process.exitCode = 1;
}
