/** The header of an `.npy` file, versions 1 to 3: what NumPy writes before the numbers. */
import { fault } from "./faults.js";
import { parseLiteral } from "./python-literal.js";
import type { Literal } from "./python-literal.js";

/** How one number is written. */
export interface NumberFormat {
  readonly kind: "float" | "int" | "uint" | "bool";
  readonly bytes: number;
  readonly littleEndian: boolean;
}

export interface NpyHeader {
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  readonly numbers: NumberFormat;
  /** Where the numbers begin. */
  readonly offset: number;
}

/** More than any header that NumPy writes for an array of numbers. */
export const longestHeader = 65_536;

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

const kinds: Readonly<Record<string, { readonly kind: NumberFormat["kind"]; readonly sizes: readonly number[] }>> = {
  f: { kind: "float", sizes: [4, 8] },
  i: { kind: "int", sizes: [1, 2, 4, 8] },
  u: { kind: "uint", sizes: [1, 2, 4] },
  b: { kind: "bool", sizes: [1] },
};

/** Reads the header from the first bytes of a file; `path` is for diagnostics. */
export function parseNpyHeader(start: Uint8Array, fileSize: number, path: string): NpyHeader {
  const foreign = (why: string) => fault("AM5003", `\`${path}\` is no \`.npy\` file: ${why}`);
  if (magic.some((byte, k) => start[k] !== byte)) throw foreign(otherFormat(start));
  const [major = 0] = start.subarray(6);
  if (major < 1 || major > 3) throw foreign(`its version is ${major}, not 1, 2 or 3`);
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const prefix = major === 1 ? 10 : 12;
  if (start.length < prefix) throw truncated(path, prefix, fileSize);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const offset = prefix + length;
  if (offset > fileSize) throw truncated(path, offset, fileSize);
  if (length > longestHeader) throw foreign(`its header has ${length} bytes`);
  const text = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(start.subarray(prefix, offset));
  const { descr, fortranOrder, shape } = fields(text, foreign);
  return { shape, fortranOrder, numbers: numberFormat(descr, path), offset };
}

function truncated(path: string, wanted: number, size: number) {
  return fault("AM5004", `\`${path}\` is cut off: it has ${size} bytes, and ${wanted} belong to its header`);
}

/** The three fields that every header has. */
function fields(text: string, foreign: (why: string) => Error) {
  const parsed = parseLiteral(text)?.value;
  if (!isDict(parsed)) throw foreign("its header is not what NumPy writes");
  const descr = parsed.get("descr");
  const fortranOrder = parsed.get("fortran_order");
  const shape = parsed.get("shape");
  if (descr === undefined || typeof fortranOrder !== "boolean" || !isShape(shape))
    throw foreign("its header lacks `descr`, `fortran_order` or `shape`");
  return { descr, fortranOrder, shape };
}

function isDict(value: Literal | undefined): value is ReadonlyMap<string, Literal> {
  return value instanceof Map;
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function numberFormat(descr: unknown, path: string): NumberFormat {
  const match = typeof descr === "string" ? /^([<>|=]?)([a-zA-Z?])(\d*)$/u.exec(descr) : null;
  const [, order = "", letter = "", digits = ""] = match ?? [];
  const kind = kinds[letter];
  const size = Number(digits);
  if (kind?.sizes.includes(size) === true && (size === 1 || order === "<" || order === ">" || order === "="))
    return { kind: kind.kind, bytes: size, littleEndian: order !== ">" };
  const shown = typeof descr === "string" ? `\`${descr}\`` : "records of several fields";
  throw fault("AM5005", `\`${path}\` holds ${shown}, which is not read`, {
    help: "save it as numbers, for instance with `np.save(file, array.astype('f8'))`",
    notes: ["read are f4, f8, i1, i2, i4, i8, u1, u2, u4 and b1, in either byte order"],
  });
}

function otherFormat(start: Uint8Array): string {
  const head = new TextDecoder("latin1").decode(start.subarray(0, 6));
  if (start.length === 0) return "it is empty";
  if (head.startsWith("PK")) return "it is a zip archive, an `.npz` perhaps: read it by `dataset.npz`";
  if (head.startsWith("\x89HDF")) return "it is an HDF5 file";
  if (head.startsWith("\x80")) return "it is a pickle";
  return "it does not begin with NumPy's mark";
}
