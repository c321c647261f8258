/** Files that are read together: those of a folder whose names fit a pattern, in the order of their names. */
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fault } from "./faults.js";
import { locate, OpenFile } from "./files.js";

export interface SeveralFiles {
  /** As they would be written in the spec. */
  readonly paths: readonly string[];
  readonly real: readonly string[];
}

/** `*` in the last part of the path stands for anything; a path without one is one file. */
export function filesLike(folder: string, pattern: string, allowed: readonly string[]): SeveralFiles {
  if (!basename(pattern).includes("*")) return { paths: [pattern], real: [locate(folder, pattern, allowed)] };
  const fits = new RegExp(`^${basename(pattern).split("*").map(literal).join(".*")}$`, "su");
  return filesIn(folder, dirname(pattern), allowed, (name) => fits.test(name), `fit \`${basename(pattern)}\``);
}

export function filesIn(
  folder: string,
  place: string,
  allowed: readonly string[],
  wanted: (name: string) => boolean,
  what: string,
): SeveralFiles {
  const real = locate(folder, place, allowed);
  let names: readonly string[];
  try {
    names = readdirSync(real, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => name);
  } catch {
    throw fault("AM5001", `\`${place}\` is no folder`);
  }
  const found = names.filter(wanted).sort(byCode);
  if (found.length === 0) throw fault("AM5001", `no files in \`${place}\` ${what}`);
  const paths = found.map((name) => join(place, name));
  return { paths, real: paths.map((path) => locate(folder, path, allowed)) };
}

/** The contents of all; together they may not be larger than the limit. */
export function contentsOf({ paths, real }: SeveralFiles, limit: number): readonly Uint8Array[] {
  let left = limit;
  return paths.map((path, k) =>
    OpenFile.use(real[k] ?? "", path, left, (file) => {
      left -= file.size;
      return file.read(0, file.size);
    }),
  );
}

/** Stands for the contents in this order; names do not matter. */
export function hashOfAll(contents: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(createHash("sha256").update(content).digest());
  return hash.digest("hex");
}

/** The same order on every machine; numbers in names by their value. */
function byCode(a: string, b: string): number {
  const [x, y] = [a, b].map((name) => name.replaceAll(/\d+/gu, (digits) => digits.padStart(12, "0")));
  return (x ?? "") < (y ?? "") ? -1 : (x ?? "") > (y ?? "") ? 1 : a < b ? -1 : 1;
}

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/gu, String.raw`\$&`);
