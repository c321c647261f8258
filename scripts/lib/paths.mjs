// Where things lie: the repository, and what is kept between clones in the user's cache.
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const dist = join(root, "dist");

/** The folder for what can be fetched or built again (the same rule as in src/base/native.ts). */
export function cacheFolder(env = process.env) {
  const own = env.AMEMC_CACHE;
  if (own !== undefined && own !== "") return resolve(own);
  const xdg = env.XDG_CACHE_HOME;
  const base = xdg?.startsWith("/") === true ? xdg : join(homedir(), ".cache");
  return join(base, "amemc");
}
