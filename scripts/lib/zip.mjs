// Takes chosen files out of a zip archive (a wheel is one) without holding it in memory, hashing on the way.
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";

/** @typedef {{ name: string, method: number, packed: number, size: number, offset: number }} Entry */

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL_HEADER = 30;

/**
 * The files that a zip archive says it holds. Throws when it is no complete archive.
 * @param {string} file @returns {Promise<Entry[]>}
 */
export async function zipEntries(file) {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const tail = Buffer.alloc(Math.min(size, 66_000));
    await handle.read(tail, 0, tail.length, size - tail.length);
    let end = tail.length - 22;
    while (end >= 0 && tail.readUInt32LE(end) !== END) end--;
    if (end < 0) throw new Error(`${file} is no complete zip archive`);
    const directory = Buffer.alloc(tail.readUInt32LE(end + 12));
    await handle.read(directory, 0, directory.length, tail.readUInt32LE(end + 16));
    const entries = [];
    for (let at = 0; at < directory.length;) {
      if (directory.readUInt32LE(at) !== CENTRAL) throw new Error(`${file} has a damaged directory`);
      const nameLength = directory.readUInt16LE(at + 28);
      const offset = directory.readUInt32LE(at + 42);
      entries.push({
        name: directory.toString("utf8", at + 46, at + 46 + nameLength),
        method: directory.readUInt16LE(at + 10),
        packed: directory.readUInt32LE(at + 20),
        size: directory.readUInt32LE(at + 24),
        offset,
      });
      at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    }
    return entries;
  } finally {
    await handle.close();
  }
}

/**
 * Unpacks one file; returns the SHA-256 of what it wrote.
 * @param {string} file @param {Entry} entry @param {string} target
 */
export async function unzipFile(file, entry, target) {
  const handle = await open(file);
  const header = Buffer.alloc(LOCAL_HEADER);
  await handle.read(header, 0, LOCAL_HEADER, entry.offset);
  await handle.close();
  const start = entry.offset + LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28);
  mkdirSync(dirname(target), { recursive: true });
  const hash = createHash("sha256");
  const hashing = new Transform({
    transform(/** @type {Buffer} */ chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  if (entry.packed === 0) {
    writeFileSync(target, "");
    return hash.digest("hex");
  }
  const source = createReadStream(file, { start, end: start + entry.packed - 1, highWaterMark: 1 << 20 });
  const sink = createWriteStream(target);
  if (entry.method === 0) await pipeline(source, hashing, sink);
  else await pipeline(source, createInflateRaw({ chunkSize: 1 << 20 }), hashing, sink);
  return hash.digest("hex");
}
