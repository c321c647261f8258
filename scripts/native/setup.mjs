// Sets native TensorFlow up, and mends what is damaged: the entries for scripts/bootstrap, `amemc setup`, `amemc doctor --fix`.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "../lib/lock.mjs";
import { findDamage } from "./damage.mjs";
import { ensureNative } from "./ensure.mjs";

export { Refusal } from "../lib/say.mjs";
export { adviceFor } from "./advice.mjs";

/**
 * @typedef {import("./ensure.mjs").Job} Job
 * @typedef {import("./ensure.mjs").Native} Native
 */

/** One at a time for a cache folder. @template T @param {Job} job @param {() => Promise<T>} action @returns {Promise<T>} */
async function alone({ cache, say }, action) {
  mkdirSync(cache, { recursive: true });
  return withLock(join(cache, "setup.lock"), say, action);
}

/**
 * Takes what is there, fetches and builds what is missing. Throws a Refusal for a wrong AMEMC_LIBTENSORFLOW.
 * @param {Job} job @returns {Promise<Native>}
 */
export const setupNative = (job) => alone(job, () => ensureNative(job));

/**
 * Removes what is damaged in the cache, a line each, and makes again what was in use. `native` is null where nothing
 * had to be made again.
 * @param {Job & { inUse: boolean, loads: boolean }} job `inUse`: a TensorFlow was set up here; `loads`: it works
 * @returns {Promise<{ mended: number, native: Native | null }>}
 */
export const mendNative = (job) =>
  alone(job, async () => {
    const damages = await findDamage(job);
    for (const { path, what } of damages) {
      rmSync(path, { recursive: true, force: true });
      job.say(`removed ${path}: ${what}`);
    }
    const isBroken = damages.some((damage) => damage.breaks) || (job.inUse && !job.loads);
    return { mended: damages.length, native: isBroken ? await ensureNative({ ...job, retry: true }) : null };
  });
