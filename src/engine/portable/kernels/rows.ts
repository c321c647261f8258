/** The shapes of inner loops: `n` entries, then for each operand its array, where it begins and its stride; the result first. */
import type { Numbers } from "../../types.js";

export type Row1 = (n: number, out: Numbers, o: number, so: number, a: Numbers, p: number, sa: number) => void;

export type Row2 = (
  n: number,
  out: Numbers,
  o: number,
  so: number,
  a: Numbers,
  p: number,
  sa: number,
  b: Numbers,
  q: number,
  sb: number,
) => void;

/** A reduction: each entry of the result from those at `offsets` from its place in the operand. */
export type ReduceRow = (
  n: number,
  out: Numbers,
  o: number,
  so: number,
  a: Numbers,
  p: number,
  sa: number,
  offsets: Int32Array,
) => void;

/** A cumulative operation along a dim of `size` entries. */
export type CumulativeRow = (
  n: number,
  out: Numbers,
  o: number,
  so: number,
  a: Numbers,
  p: number,
  sa: number,
  size: number,
  stepOut: number,
  stepIn: number,
) => void;
