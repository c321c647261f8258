/** Finds data files and reads their bytes: never outside of the spec's folder unless the command line names the place. */
import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { bytes, fault, nearestNames, quoted } from "./faults.js";

const mention = "put the file beside the spec, or into a folder there";

/** The real path of a data file; throws where there is none, or where it may not be read. `path` is as written in the spec. */
export function locate(folder: string, path: string, allowed: readonly string[]): string {
  const wanted = resolve(folder, path);
  const roots = [folder, ...allowed];
  // First by names alone: whether a file outside exists is nobody's business.
  if (!roots.some((root) => within(resolve(root), wanted))) throw outside(path, null);
  const real = realPath(wanted);
  if (real === null) throw absent(path, wanted);
  if (roots.some((root) => within(realPath(resolve(root)), real))) return real;
  throw outside(path, real);
}

function within(folder: string | null, file: string): boolean {
  if (folder === null) return false;
  const way = relative(folder, file);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function outside(path: string, real: string | null) {
  const message =
    real === null
      ? `\`${path}\` lies outside of the spec's folder`
      : `\`${path}\` is a link that leads out of the spec's folder`;
  return fault("AM5002", message, { help: mention });
}

function absent(path: string, wanted: string) {
  let names: readonly string[] = [];
  try {
    names = readdirSync(dirname(wanted));
  } catch {
    return fault("AM5001", `there is no file \`${path}\`: its folder does not exist`);
  }
  const near = nearestNames(basename(wanted), names);
  return fault(
    "AM5001",
    `there is no file \`${path}\``,
    near.length === 0 ? {} : { help: `did you mean ${quoted(near)}?` },
  );
}

/** An open file; what is read all comes from the same one, whatever happens to its name. */
export class OpenFile {
  readonly size: number;
  /** Changes when the file does. */
  readonly stamp: string;

  private constructor(
    private readonly descriptor: number,
    private readonly path: string,
    limit: number,
  ) {
    const stat = fstatSync(descriptor, { bigint: true });
    if (!stat.isFile()) throw fault("AM5001", `\`${path}\` is ${stat.isDirectory() ? "a folder" : "no plain file"}`);
    this.size = Number(stat.size);
    this.stamp = `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
    if (this.size > limit)
      throw fault("AM5007", `\`${path}\` has ${bytes(this.size)}; files of this kind may have ${bytes(limit)}`, {
        help: "keep only the rows and columns that are used",
      });
  }

  /** Opens a file for as long as `body` runs. Opening waits for nobody, so a pipe is refused instead of blocking. */
  static use<T>(real: string, path: string, limit: number, body: (file: OpenFile) => T): T {
    let descriptor: number;
    try {
      descriptor = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      throw fault("AM5001", `\`${path}\` cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    try {
      return body(new OpenFile(descriptor, path, limit));
    } finally {
      closeSync(descriptor);
    }
  }

  /** The bytes from `start`, at most `length` of them. */
  read(start: number, length: number): Uint8Array {
    const wanted = Math.max(0, Math.min(length, this.size - start));
    const buffer = new Uint8Array(wanted);
    let filled = 0;
    while (filled < wanted) {
      const count = readSync(this.descriptor, buffer, filled, Math.min(wanted - filled, 2 ** 30), start + filled);
      if (count === 0) throw fault("AM5004", `\`${this.path}\` became shorter while it was read`);
      filled += count;
    }
    return buffer;
  }

  /** SHA-256 of the whole, read in pieces. */
  sha256(): string {
    const hash = createHash("sha256");
    const piece = 2 ** 22;
    for (let start = 0; start < this.size; start += piece) hash.update(this.read(start, piece));
    return hash.digest("hex");
  }
}
