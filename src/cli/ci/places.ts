/** Files and regions as viewers of a repository name them. */
import { existsSync, realpathSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { Lines } from "../../base/positions.js";
import type { SourceText } from "../../base/render.js";
import type { Span } from "../../base/span.js";

/** Lines and columns from 1; columns count UTF-16 code units, the end is the position after the last one. */
export interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Null where the text is not at hand. */
export function regionOf({ file, start, end }: Span, source: SourceText): Region | null {
  const text = source(file);
  if (text === undefined) return null;
  const lines = new Lines(text);
  const at = (offset: number): readonly [line: number, column: number] => {
    const inside = Math.max(0, Math.min(offset, text.length));
    const { line } = lines.position(inside);
    return [line, inside - lines.start(line) + 1];
  };
  const [startLine, startColumn] = at(start);
  const [endLine, endColumn] = at(Math.max(start, end));
  return { startLine, startColumn, endLine, endColumn };
}

/** Where a file is to be found. */
export type FilePlace =
  /** Below the source root; with slashes. */
  | { readonly kind: "source"; readonly path: string }
  /** A page of the library, which comes with amemc: `linear.amem`. */
  | { readonly kind: "library"; readonly path: string }
  /** Somewhere else on this machine; absolute. */
  | { readonly kind: "outside"; readonly path: string };

/** `file` as the user would write it, seen from `folder`. */
export function placeOf(file: string, root: string, folder: string): FilePlace {
  const path = resolve(folder, file);
  if (file.startsWith("std/") && !existsSync(path)) return { kind: "library", path: file.slice("std/".length) };
  const below = relative(root, path);
  if (below === "" || below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below))
    return { kind: "outside", path };
  return { kind: "source", path: below.split(sep).join("/") };
}

/** GitHub counts paths from the repository's folder; everybody else from the working folder. */
export function sourceRoot(env: NodeJS.ProcessEnv, folder: string): string {
  const workspace = env.GITHUB_WORKSPACE ?? "";
  if (workspace === "" || !existsSync(workspace)) return folder;
  const root = realpathSync(workspace);
  const below = relative(root, folder);
  return below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below) ? folder : root;
}
