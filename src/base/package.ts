// Where this package and the user's cache lie. The same for bundles in dist/ and for sources under test.
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

let known: string | undefined;

/** The folder with package.json. */
export function packageRoot(): string {
  if (known !== undefined) return known;
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) folder = dirname(folder);
  known = folder;
  return folder;
}

/** A file that `scripts/build.mjs` makes, for instance `worker.mjs`, `report.cjs`, `page.js`. */
export function distFile(name: string): string {
  return join(packageRoot(), "dist", name);
}

export function packageVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8"));
  const has = typeof parsed === "object" && parsed !== null && "version" in parsed;
  return has && typeof parsed.version === "string" ? parsed.version : "unknown";
}

/** How a command of amemc is called here, for messages: from a clone, or from a package that npm installed. */
export function ownCommand(words: string): string {
  const isClone = existsSync(join(packageRoot(), "scripts/bootstrap"));
  return `${isClone ? "sh scripts/amemc" : "npx amemc"} ${words}`;
}

/** The folder for what can be fetched or made again; `AMEMC_CACHE` names another one (the same rule as in scripts/lib/paths.mjs). */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env.AMEMC_CACHE ?? "";
  if (own !== "") return resolve(own);
  const xdg = env.XDG_CACHE_HOME;
  return join(xdg?.startsWith("/") === true ? xdg : join(homedir(), ".cache"), "amemc");
}
