/**
 * Bundles that keep what V8 made of them in the user's cache: to read and compile a bundle takes longer than most
 * commands do. What does not fit (another Node.js, another build, a torn file) is left aside and made again.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { cacheFolder, distFile } from "./package.js";

interface Compiled {
  readonly script: Script;
  /** Where its code is to be kept. */
  readonly file: string;
}

const DIGEST_BYTES = 32;
const STALE_MILLISECONDS = 30 * 86_400_000;

/** Bundles whose code is not kept yet. */
const fresh: Compiled[] = [];
/** What bundles exported, by name. */
const loaded = new Map<string, unknown>();

/**
 * Runs a bundle of `dist/` that is a CommonJS module, once, and returns what it exports. `use` tells apart processes that need
 * different parts of it: only the code that was run is kept. It is part of a file's name.
 */
export function loadBundle(name: string, use: string): unknown {
  if (!loaded.has(name)) loaded.set(name, run(name, use));
  return loaded.get(name);
}

function run(name: string, use: string): unknown {
  const path = distFile(name);
  const bytes = readFileSync(path);
  const file = join(codeFolder(), `${name}-${use}-${process.version}-${digest(bytes).toString("hex").slice(0, 16)}`);
  const cachedData = readCode(file);
  // Bundles are ASCII alone.
  const source = `(function (exports, require, module, __filename) {${bytes.toString("latin1")}\n})`;
  const script = new Script(source, {
    filename: path,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  if (cachedData === undefined || script.cachedDataRejected === true) fresh.push({ script, file });
  const module = { exports: {} };
  const start = script.runInThisContext() as (...parts: readonly unknown[]) => void;
  start(module.exports, createRequire(path), module, path);
  return module.exports;
}

/** Keeps the code of what has run by now. A cache that cannot be written costs time, nothing else. */
export function keepCompiled(): void {
  for (const { script, file } of fresh.splice(0)) {
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeCode(file, script.createCachedData());
      removeStale(dirname(file));
    } catch {
      return;
    }
  }
}

function writeCode(file: string, code: Buffer): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, Buffer.concat([digest(code), code]), { mode: 0o600 });
    renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}

const codeFolder = (): string => join(cacheFolder(), "code");

const digest = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** The code in a file; V8 itself would not notice a torn one. */
function readCode(file: string): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    const code = bytes.subarray(DIGEST_BYTES);
    return digest(code).equals(bytes.subarray(0, DIGEST_BYTES)) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Code of builds that nobody uses any more; what is used still is made again. */
function removeStale(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (Date.now() - statSync(file).mtimeMs > STALE_MILLISECONDS) rmSync(file, { force: true });
  }
}
