/** The members of a zip archive, stored or deflated: what `np.savez` and `np.savez_compressed` write. */
import { inflateRawSync, constants } from "node:zlib";
import { bytes, fault } from "./faults.js";
import type { OpenFile } from "./files.js";

export interface ZipMember {
  readonly name: string;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  /** Bytes in the archive, and bytes unpacked. */
  readonly packed: number;
  readonly size: number;
  /** Where its own header begins. */
  readonly at: number;
}

const endSignature = 0x06054b50;
const memberSignature = 0x02014b50;
const localSignature = 0x04034b50;
const endLength = 22;
const longestComment = 65_535;
/** Stands for a number that has 64 bits and is written elsewhere. */
const elsewhere = 0xffffffff;

/** What the directory at the end of the archive lists. */
export function zipMembers(file: OpenFile, path: string): readonly ZipMember[] {
  const { count, size, at } = directoryOf(file, path);
  const directory = viewOf(file.read(at, size));
  const members: ZipMember[] = [];
  let place = 0;
  for (let k = 0; k < count; k++) {
    if (place + 46 > directory.byteLength || directory.getUint32(place, true) !== memberSignature)
      throw damaged(path, "its directory does not list what it promises");
    const [name, extra, comment] = [28, 30, 32].map((offset) => directory.getUint16(place + offset, true));
    const end = place + 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
    if (end > directory.byteLength) throw damaged(path, "its directory does not list what it promises");
    members.push(memberAt(directory, place, name ?? 0, extra ?? 0));
    place = end;
  }
  return members;
}

/** The bytes at the beginning of a member, at least `wanted` of them where it has so many. */
export function memberStart(file: OpenFile, member: ZipMember, wanted: number, path: string): Uint8Array {
  const at = contentOf(file, member, path);
  if (member.method === 0) return file.read(at, Math.min(wanted, member.packed));
  const packed = file.read(at, Math.min(member.packed, wanted + 1024));
  return inflate(packed, member, path, true);
}

/** A whole member. Its size is known before anything is unpacked, and its sum is compared. */
export function memberContent(file: OpenFile, member: ZipMember, limit: number, path: string): Uint8Array {
  if (member.size > limit)
    throw fault(
      "AM5007",
      `\`${member.name}\` in \`${path}\` has ${bytes(member.size)}; arrays may have ${bytes(limit)}`,
      {
        help: "keep only the rows and columns that are used",
      },
    );
  const packed = file.read(contentOf(file, member, path), member.packed);
  const content = member.method === 0 ? packed : inflate(packed, member, path, false);
  if (content.length !== member.size)
    throw damaged(path, `\`${member.name}\` has ${content.length} bytes, its directory says ${member.size}`);
  if (crc32(content) !== member.crc) throw damaged(path, `the checksum of \`${member.name}\` is wrong`);
  return content;
}

function inflate(packed: Uint8Array, member: ZipMember, path: string, isStart: boolean): Uint8Array {
  try {
    return inflateRawSync(
      packed,
      isStart ? { finishFlush: constants.Z_SYNC_FLUSH } : { maxOutputLength: Math.max(1, member.size) },
    );
  } catch {
    throw damaged(path, `\`${member.name}\` cannot be unpacked`);
  }
}

function directoryOf(file: OpenFile, path: string) {
  const from = Math.max(0, file.size - endLength - longestComment);
  const end = viewOf(file.read(from, file.size));
  for (let at = end.byteLength - endLength; at >= 0; at--) {
    if (end.getUint32(at, true) !== endSignature || at + endLength + end.getUint16(at + 20, true) !== end.byteLength)
      continue;
    const [count, size, place] = [
      end.getUint16(at + 10, true),
      end.getUint32(at + 12, true),
      end.getUint32(at + 16, true),
    ];
    if (place + size > from + at) throw damaged(path, "its directory does not lie where it should");
    return { count, size, at: place };
  }
  const start = new TextDecoder("latin1").decode(file.read(0, 6));
  if (start.startsWith("PK")) throw damaged(path, "the directory at its end is missing: it is cut off");
  const why =
    start.length === 0
      ? "it is empty"
      : start === "\x93NUMPY"
        ? "it is an `.npy` file: read it by `dataset.npy`"
        : "it is no zip archive";
  throw fault("AM5003", `\`${path}\` is no \`.npz\` file: ${why}`);
}

function memberAt(view: DataView, at: number, nameLength: number, extraLength: number): ZipMember {
  const name = new TextDecoder().decode(bytesOf(view, at + 46, nameLength));
  const extra = wideNumbers(view, at + 46 + nameLength, extraLength);
  const wide = (offset: number): number => {
    const value = view.getUint32(at + offset, true);
    return value === elsewhere ? (extra.shift() ?? value) : value;
  };
  // The order in which numbers of 64 bits follow each other.
  const size = wide(24);
  const packed = wide(20);
  return {
    name,
    method: view.getUint16(at + 10, true),
    encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
    crc: view.getUint32(at + 16, true),
    packed,
    size,
    at: wide(42),
  };
}

/** Those of the extra field of ZIP64. */
function wideNumbers(view: DataView, start: number, length: number): number[] {
  for (let at = start; at + 4 <= start + length;) {
    const size = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1)
      return Array.from({ length: Math.floor(Math.min(size, start + length - at - 4) / 8) }, (_, k) =>
        Number(view.getBigUint64(at + 4 + 8 * k, true)),
      );
    at += 4 + size;
  }
  return [];
}

function contentOf(file: OpenFile, member: ZipMember, path: string): number {
  if (member.encrypted) throw damaged(path, `\`${member.name}\` is encrypted`);
  if (member.method !== 0 && member.method !== 8)
    throw fault("AM5005", `\`${member.name}\` in \`${path}\` is packed in a way that is not read (${member.method})`, {
      help: "write the archive with `np.savez` or `np.savez_compressed`",
    });
  const local = viewOf(file.read(member.at, 30));
  if (local.byteLength < 30 || local.getUint32(0, true) !== localSignature)
    throw damaged(path, `\`${member.name}\` does not lie where its directory says`);
  const at = member.at + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  if (at + member.packed > file.size) throw damaged(path, `\`${member.name}\` goes on behind the end of the file`);
  return at;
}

const damaged = (path: string, why: string) => fault("AM5004", `\`${path}\` is damaged: ${why}`);
const viewOf = (data: Uint8Array): DataView => new DataView(data.buffer, data.byteOffset, data.byteLength);
const bytesOf = (view: DataView, at: number, length: number): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset + at, length);

const table = Int32Array.from({ length: 256 }, (_, value) => {
  let sum = value;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

/** The checksum of zip archives. */
export function crc32(data: Uint8Array): number {
  let sum = -1;
  for (const byte of data) sum = (sum >>> 8) ^ (table[(sum ^ byte) & 0xff] ?? 0);
  return ~sum >>> 0;
}
