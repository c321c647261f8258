/** The numbers of an `.npy` file: any byte order, C or Fortran order, into row-major doubles or 32-bit ints. */
import { bytes, fault } from "./faults.js";
import type { NpyHeader, NumberFormat } from "./npy-header.js";
import type { Numbers } from "./types.js";

export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Throws where a file does not have exactly the bytes that its header promises. */
export function verifyLength(header: NpyHeader, fileSize: number, path: string): void {
  const wanted = header.offset + countOf(header.shape) * header.numbers.bytes;
  if (fileSize === wanted) return;
  const shape = `(${header.shape.join(", ")})`;
  const message =
    fileSize < wanted
      ? `\`${path}\` is cut off: an array of shape ${shape} needs ${bytes(wanted)}, the file has ${bytes(fileSize)}`
      : `\`${path}\` goes on behind its array of shape ${shape}: ${fileSize - wanted} bytes too many`;
  throw fault("AM5004", message, { notes: [`${wanted} bytes were expected, ${fileSize} are there`] });
}

/** `raw` are the bytes of the numbers alone. */
export function npyValues(header: NpyHeader, raw: Uint8Array, path: string): Numbers {
  const { shape, numbers } = header;
  const values = decode(numbers, raw, shape, path);
  return header.fortranOrder && shape.length > 1 ? rowMajor(values, shape) : values;
}

function decode(
  { kind, bytes: size, littleEndian }: NumberFormat,
  raw: Uint8Array,
  shape: readonly number[],
  path: string,
): Numbers {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const count = countOf(shape);
  if (kind === "float") {
    const reals = new Float64Array(count);
    if (size === 8) for (let k = 0; k < count; k++) reals[k] = view.getFloat64(8 * k, littleEndian);
    else for (let k = 0; k < count; k++) reals[k] = view.getFloat32(4 * k, littleEndian);
    return reals;
  }
  if (size === 1 && kind !== "int") {
    const copy = new Uint8Array(raw.subarray(0, count));
    return kind === "uint" ? copy : copy.map((value) => Math.min(value, 1));
  }
  const ints = new Int32Array(count);
  const read = intReader(view, kind, size, littleEndian);
  for (let k = 0; k < count; k++) {
    const value = read(k * size);
    if (value < -2147483648 || value > 2147483647)
      throw fault("AM5008", `\`${path}\` holds ${value} at position ${k}: ints have 32 bits here`, {
        help: "save it as real numbers: `array.astype('f8')`",
      });
    ints[k] = value;
  }
  return ints;
}

function intReader(
  view: DataView,
  kind: "int" | "uint" | "bool",
  size: number,
  littleEndian: boolean,
): (at: number) => number {
  if (kind !== "int")
    return size === 2 ? (at) => view.getUint16(at, littleEndian) : (at) => view.getUint32(at, littleEndian);
  switch (size) {
    case 1:
      return (at) => view.getInt8(at);
    case 2:
      return (at) => view.getInt16(at, littleEndian);
    case 4:
      return (at) => view.getInt32(at, littleEndian);
    default:
      return (at) => Number(view.getBigInt64(at, littleEndian));
  }
}

/** From Fortran order, in which the first index runs fastest. */
function rowMajor(values: Numbers, shape: readonly number[]): Numbers {
  const out = values.slice();
  const strides = shape.map((_, k) => countOf(shape.slice(0, k)));
  const index = shape.map(() => 0);
  let from = 0;
  for (let k = 0; k < out.length; k++) {
    out[k] = values[from] ?? 0;
    for (let d = shape.length - 1; d >= 0; d--) {
      const position = (index[d] ?? 0) + 1;
      from += strides[d] ?? 0;
      if (position < (shape[d] ?? 0)) {
        index[d] = position;
        break;
      }
      from -= position * (strides[d] ?? 0);
      index[d] = 0;
    }
  }
  return out;
}
