/** Writers of packed data files that are independent of the readers. */
import { deflateRawSync } from "node:zlib";

export interface ZipOptions {
  readonly deflate?: boolean;
  /** Changes the directory's entry of the first member: by what the sum is off, its flags, its method. */
  readonly sumOff?: number;
  readonly flags?: number;
  readonly method?: number;
  /** As `np.savez` does: sizes of 64 bits in the local header. */
  readonly wide?: boolean;
}

/** A zip archive as NumPy writes it; the names with their `.npy`. */
export function zip(members: Readonly<Record<string, Uint8Array>>, options: ZipOptions = {}): Uint8Array {
  const { deflate = false, sumOff = 0, flags = 0, wide = false } = options;
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [text, content] of Object.entries(members)) {
    const name = Buffer.from(text);
    const packed = deflate ? deflateRawSync(content) : Buffer.from(content);
    const method = options.method ?? (deflate ? 8 : 0);
    const sum = (sumOf(content) + sumOff) >>> 0;
    const extra = Buffer.alloc(wide ? 20 : 0);
    if (wide) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(16, 2);
      extra.writeBigUInt64LE(BigInt(content.length), 4);
      extra.writeBigUInt64LE(BigInt(packed.length), 12);
    }
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(sum, 14);
    local.writeUInt32LE(wide ? 0xffffffff : packed.length, 18);
    local.writeUInt32LE(wide ? 0xffffffff : content.length, 22);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(extra.length, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(sum, 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    locals.push(local, name, extra, packed);
    directory.push(entry, name);
    at += 30 + name.length + extra.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(members).length, 8);
  end.writeUInt16LE(Object.keys(members).length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, list, end]);
}

/** The sum of a zip archive, bit by bit. */
function sumOf(content: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of content)
    for (let bit = 0; bit < 8; bit++) {
      const carry = (sum ^ (byte >> bit)) & 1;
      sum = carry === 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    }
  return ~sum >>> 0;
}

/** An `.idx` file of bytes. */
export function idx(shape: readonly number[], values: readonly number[], type = 8): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = type;
  header[3] = shape.length;
  shape.forEach((size, k) => header.writeUInt32BE(size, 4 + 4 * k));
  return Buffer.concat([header, Buffer.from(values)]);
}
