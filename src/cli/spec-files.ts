/** Specs that a command is given: files as they are, and of folders all that is in them. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** In order; of a folder the `.amem` files in it and in its folders, without hidden ones and `node_modules`. */
export function specFiles(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => (isFolder(path) ? inside(path) : [path]));
}

function inside(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return inside(path);
      return entry.isFile() && entry.name.endsWith(".amem") ? [path] : [];
    });
}

const isFolder = (path: string): boolean =>
  path !== "-" && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
