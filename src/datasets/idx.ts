/** `.idx` files, in which MNIST is given: a mark, the sizes, the numbers in big-endian order. May be packed by gzip. */
import { constants, gunzipSync } from "node:zlib";
import { bytes, fault } from "./faults.js";
import type { OpenFile } from "./files.js";
import type { NpyHeader, NumberFormat } from "./npy-header.js";
import { countOf, npyValues, verifyLength } from "./npy-values.js";
import type { DataArray } from "./types.js";

const types: Readonly<Record<number, Pick<NumberFormat, "kind" | "bytes">>> = {
  0x08: { kind: "uint", bytes: 1 },
  0x09: { kind: "int", bytes: 1 },
  0x0b: { kind: "int", bytes: 2 },
  0x0c: { kind: "int", bytes: 4 },
  0x0d: { kind: "float", bytes: 4 },
  0x0e: { kind: "float", bytes: 8 },
};

/** A mark and 255 sizes. */
const longestHeader = 4 + 4 * 255;

/** Of a packed file only the beginning is unpacked, and its length compared with what its end says. */
export function idxHeader(file: OpenFile, limit: number, path: string): NpyHeader {
  const start = file.read(0, longestHeader);
  if (!isPacked(start)) {
    const header = parse(start, path);
    verifyLength(header, file.size, path);
    return header;
  }
  const header = parse(unpackStart(file, path), path);
  const size = sizeOf(header);
  if (size > limit)
    throw fault("AM5007", `\`${path}\` has ${bytes(size)} unpacked; files of this kind may have ${bytes(limit)}`, {
      help: "keep only the rows that are used",
    });
  const end = file.read(file.size - 4, 4);
  verifyLength(header, new DataView(end.buffer).getUint32(0, true), path);
  return header;
}

export function idxValues(file: OpenFile, limit: number, path: string): DataArray {
  const header = idxHeader(file, limit, path);
  let content = file.read(0, file.size);
  if (isPacked(content)) content = unpack(content, sizeOf(header), path);
  return idxArray(content, path);
}

/** The array in the bytes of an unpacked file. */
export function idxArray(content: Uint8Array, path: string): DataArray {
  const header = parse(content, path);
  verifyLength(header, content.length, path);
  const data = npyValues(header, content.subarray(header.offset), path);
  return { shape: header.shape, data, hasNaN: data instanceof Float64Array && data.some(Number.isNaN) };
}

const isPacked = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b;
const sizeOf = ({ offset, shape, numbers }: NpyHeader): number => offset + countOf(shape) * numbers.bytes;

function unpackStart(file: OpenFile, path: string): Uint8Array {
  try {
    const packed = file.read(0, 2 * longestHeader);
    // What was read whole has to be whole.
    return gunzipSync(packed, packed.length < file.size ? { finishFlush: constants.Z_SYNC_FLUSH } : {});
  } catch {
    throw damaged(path);
  }
}

function unpack(content: Uint8Array, size: number, path: string): Uint8Array {
  try {
    return gunzipSync(content, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw damaged(path);
  }
}

const damaged = (path: string) => fault("AM5004", `\`${path}\` is damaged: gzip cannot unpack it`);

function parse(start: Uint8Array, path: string): NpyHeader {
  const foreign = (why: string) => fault("AM5003", `\`${path}\` is no \`.idx\` file: ${why}`);
  if (start.length === 0) throw foreign("it is empty");
  const [first, second, type = 0, count = 0] = start;
  if (first !== 0 || second !== 0) throw foreign("it does not begin with two bytes that are 0");
  const numbers = types[type];
  if (numbers === undefined) throw foreign(`its third byte is ${type}, which stands for no type of numbers`);
  const offset = 4 + 4 * count;
  if (start.length < offset)
    throw fault("AM5004", `\`${path}\` is cut off: it has ${start.length} bytes, and ${offset} belong to its header`);
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const shape = Array.from({ length: count }, (_, k) => view.getUint32(4 + 4 * k, false));
  return { shape, fortranOrder: false, numbers: { ...numbers, littleEndian: false }, offset };
}
