/** A folder of data files for tests, and a writer of `.npy` files that is independent of the reader. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { UserError } from "../../src/base/diagnostic.js";

export interface TestFolder {
  readonly path: string;
  write(name: string, content: string | Uint8Array): string;
  remove(): void;
}

export function testFolder(): TestFolder {
  const path = mkdtempSync(join(tmpdir(), "amemc-data-"));
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

export interface NpyOptions {
  readonly version?: 1 | 2 | 3;
  /** In place of the usual header's text. */
  readonly header?: string;
  readonly fortran?: boolean;
}

/** An `.npy` file of some values, in the order in which they are to lie in the file. */
export function npy(
  descr: string,
  shape: readonly number[],
  values: readonly number[],
  options: NpyOptions = {},
): Uint8Array {
  const { version = 1, fortran = false } = options;
  const tuple = shape.length === 1 ? `(${shape.join()},)` : `(${shape.join(", ")})`;
  const text =
    options.header ?? `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${tuple}, }`;
  const prefix = version === 1 ? 10 : 12;
  const length = Math.ceil((prefix + text.length + 1) / 64) * 64 - prefix;
  const [, order = "<", kind = "f", digits = "8"] = /^([<>|=]?)(.)(\d+)$/u.exec(descr) ?? [];
  const size = Number(digits);
  const bytes = new Uint8Array(prefix + length + size * values.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, ...Buffer.from("NUMPY"), version, 0]);
  if (version === 1) view.setUint16(8, length, true);
  else view.setUint32(8, length, true);
  bytes.set(Buffer.from(`${text.padEnd(length - 1)}\n`, "latin1"), prefix);
  values.forEach((value, k) => put(view, prefix + length + k * size, kind, size, value, order !== ">"));
  return bytes;
}

function put(view: DataView, at: number, kind: string, size: number, value: number, little: boolean): void {
  switch (`${kind}${size}`) {
    case "f4":
      view.setFloat32(at, value, little);
      break;
    case "f8":
      view.setFloat64(at, value, little);
      break;
    case "i8":
      view.setBigInt64(at, BigInt(value), little);
      break;
    case "i4":
      view.setInt32(at, value, little);
      break;
    case "u4":
      view.setUint32(at, value, little);
      break;
    case "i2":
    case "u2":
      view.setUint16(at, value & 0xffff, little);
      break;
    default:
      view.setUint8(at, value & 0xff);
  }
}

/** The code and message of a fault; the rest of the diagnostic after them. */
export function faultOf(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, help, notes = [] } = error.diagnostic;
    return [`${code} ${message}`, ...(help === undefined ? [] : [`help: ${help}`]), ...notes].join("; ");
  }
  return "nothing is wrong";
}
