/**
 * The checkpoint of an unfinished block: the state of its runs and what they have recorded so far, in one file.
 * With a damaged one the block starts again.
 */
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { StoredArray, StoredType } from "./block-file.js";
import { typeOf, viewOf } from "./block-file.js";
import { sha256, writeDurably } from "./files.js";
import { fromJson, toJson } from "./json.js";

/** Named arrays with a small plain note; what they mean is the caller's business. */
export interface Checkpoint {
  /** The key of the block (its program's schedule is part of it). */
  readonly block: string;
  /** Engine and version: another engine does not go on from here. */
  readonly engine: string;
  readonly note: unknown;
  readonly arrays: readonly StoredArray[];
}

interface Head {
  readonly format: number;
  readonly block: string;
  readonly engine: string;
  readonly note: unknown;
  readonly arrays: readonly { readonly type: StoredType; readonly bytes: number }[];
  /** Of what stands before it in the head, and of the arrays. */
  readonly sha256: string;
}

const LENGTH_BYTES = 8;

/** Layout: length of the head, head, and the arrays, each at a multiple of 8. */
export async function writeCheckpointFile(file: string, checkpoint: Checkpoint): Promise<void> {
  const parts = checkpoint.arrays.flatMap((array) => [bytesOf(array), padding(array.byteLength)]);
  const { block, engine, note } = checkpoint;
  const arrays = checkpoint.arrays.map((array) => ({ type: typeOf(array), bytes: array.byteLength }));
  const rest = { format: 3, block, engine, note, arrays } as const;
  const text = toJson({ ...rest, sha256: sha256(toJson(rest), ...parts) } satisfies Head);
  const head = Buffer.from(text);
  const length = Buffer.from(String(head.length).padStart(LENGTH_BYTES));
  await writeDurably(file, [length, head, padding(head.length), ...parts]);
}

const bytesOf = (array: StoredArray): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const padding = (length: number): Uint8Array => new Uint8Array((8 - (length % 8)) % 8);

/** The checkpoint in a file: undefined where there is none for this block and engine, null where it is damaged. */
export function readCheckpointFile(file: string, block: string, engine: string): Checkpoint | undefined | null {
  if (!existsSync(file)) return undefined;
  try {
    const bytes = readFileSync(file);
    const length = Number(bytes.subarray(0, LENGTH_BYTES).toString());
    const { sha256: hash, ...head } = fromJson(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length).toString()) as Head;
    const start = LENGTH_BYTES + length + padding(length).length;
    if (sha256(toJson(head), bytes.subarray(start)) !== hash) return null;
    if (head.format !== 3 || head.block !== block || head.engine !== engine) return undefined;
    let at = start;
    const arrays = head.arrays.map(({ type, bytes: size }) => {
      const buffer = new Uint8Array(bytes.subarray(at, at + size)).buffer;
      at += size + padding(size).length;
      return viewOf(type, buffer);
    });
    return { block, engine, note: head.note, arrays };
  } catch {
    return null;
  }
}

export async function removeCheckpointFile(file: string): Promise<void> {
  await rm(file, { force: true });
}
