/**
 * How a sum of products of two operands is executed: which dim becomes the lanes (the run where the result varies),
 * which operand is shared by all lanes, and the tiles. Tables are made once; kernels only read them.
 */
import type { DimId } from "../../ir/types.js";
import { lanes1x1, lanes2x2, shared1, shared2, shared4 } from "./kernels/tiles.js";
import { extentsOf, offsetsOf } from "./loops.js";
import type { Kernel } from "./lowering-context.js";
import { sizeOf, strideOf } from "./storage.js";
import type { Shape, View } from "./storage.js";

export interface PairPlan {
  /** Copies the shared operand into the order in which it is read; to be run whenever that operand changes. */
  readonly pack: { readonly operand: 0 | 1; readonly kernel: Kernel } | null;
  readonly run: Kernel;
}

/** `out` is the sum over `over` of a times b. */
export interface Pair {
  readonly out: View;
  readonly outDims: readonly DimId[];
  readonly a: View;
  readonly b: View;
  readonly over: readonly DimId[];
}

/** The lanes: how many, and the stride of the result and of each operand. */
interface Lanes {
  readonly dim: DimId | null;
  readonly count: number;
  readonly out: number;
  readonly a: number;
  readonly b: number;
}

export function planPair(shape: Shape, pair: Pair): PairPlan {
  const lanes = chooseLanes(shape, pair);
  if (lanes.a !== 0 && lanes.b !== 0) return { pack: null, run: bothWithLanes(shape, pair, lanes) };
  if (lanes.dim === null && lanes.count === 1) return { pack: null, run: bothWithLanes(shape, pair, lanes) };
  if (lanes.a === 0) return sharedByLanes(shape, pair, lanes, 0);
  const swapped: Pair = { ...pair, a: pair.b, b: pair.a };
  return sharedByLanes(shape, swapped, { ...lanes, a: lanes.b, b: lanes.a }, 1);
}

/** The run where the result varies; else the largest dim of one operand only, else the largest at all. */
function chooseLanes(shape: Shape, { out, outDims, a, b }: Pair): Lanes {
  if (out.lane !== 0) return { dim: null, count: shape.runs, out: out.lane, a: a.lane, b: b.lane };
  const largest = (dims: readonly DimId[]): DimId | null =>
    dims.reduce<DimId | null>(
      (best, dim) => (best === null || sizeOf(shape, dim) >= sizeOf(shape, best) ? dim : best),
      null,
    );
  const dim = largest(outDims.filter((d) => strideOf(a, d) === 0 || strideOf(b, d) === 0)) ?? largest(outDims);
  if (dim === null) return { dim, count: 1, out: 0, a: 0, b: 0 };
  return {
    dim,
    count: sizeOf(shape, dim),
    out: strideOf(out, dim),
    a: strideOf(a, dim),
    b: strideOf(b, dim),
  };
}

interface Split {
  /** Where each entry of the dims of both operands begins, in the result and in both. */
  readonly batch: { readonly out: Int32Array; readonly a: Int32Array; readonly b: Int32Array };
  readonly left: { readonly out: Int32Array; readonly a: Int32Array };
  readonly right: { readonly out: Int32Array; readonly b: Int32Array };
  readonly overA: Int32Array;
  readonly overB: Int32Array;
}

function split(shape: Shape, { out, outDims, a, b, over }: Pair, lanes: Lanes): Split {
  const dims = outDims.filter((dim) => dim !== lanes.dim);
  const offsets = (of: readonly DimId[], view: View, start: number): Int32Array =>
    offsetsOf(extentsOf(shape, of, false, [view]), 0, start);
  const inA = (dim: DimId): boolean => strideOf(a, dim) !== 0;
  const inB = (dim: DimId): boolean => strideOf(b, dim) !== 0;
  const batch = dims.filter((dim) => inA(dim) === inB(dim));
  const left = dims.filter((dim) => inA(dim) && !inB(dim));
  const right = dims.filter((dim) => inB(dim) && !inA(dim));
  return {
    batch: {
      out: offsets(batch, out, out.offset),
      a: offsets(batch, a, a.offset),
      b: offsets(batch, b, b.offset),
    },
    left: { out: offsets(left, out, 0), a: offsets(left, a, 0) },
    right: { out: offsets(right, out, 0), b: offsets(right, b, 0) },
    overA: offsets(over, a, 0),
    overB: offsets(over, b, 0),
  };
}

/** 4, 4, …, then 2 and 1 as needed. */
function groups(count: number): { readonly first: number; readonly size: 1 | 2 | 4 }[] {
  const list: { first: number; size: 1 | 2 | 4 }[] = [];
  for (let first = 0; first < count;) {
    const size = count - first >= 4 ? 4 : count - first >= 2 ? 2 : 1;
    list.push({ first, size });
    first += size;
  }
  return list;
}

const at = (offsets: Int32Array, k: number): number => offsets[k] ?? 0;

/** `a` has no lanes: it is packed, and each of its numbers is used for all lanes. */
function sharedByLanes(shape: Shape, pair: Pair, lanes: Lanes, operand: 0 | 1): PairPlan {
  const { batch, left, right, overA, overB } = split(shape, pair, lanes);
  const sources: number[] = [];
  const tiles: Record<1 | 2 | 4, number[]> = { 1: [], 2: [], 4: [] };
  batch.out.forEach((batchOut, t) => {
    const packed = groups(left.out.length).map((group) => {
      const w = sources.length;
      const members = Array.from({ length: group.size }, (_, j) => group.first + j);
      for (const k of overA) for (const l of members) sources.push(at(batch.a, t) + at(left.a, l) + k);
      return { w, size: group.size, out: members.map((l) => batchOut + at(left.out, l)) };
    });
    right.out.forEach((rightOut, r) => {
      for (const { w, size, out } of packed)
        tiles[size].push(...out.map((o) => o + rightOut), w, at(batch.b, t) + at(right.b, r));
    });
  });
  const table = Int32Array.from(sources);
  const weights = new Float64Array(table.length);
  const from = pair.a.storage;
  const pack = (): void => {
    const data = from.data;
    for (let j = 0; j < table.length; j++) weights[j] = data[at(table, j)] ?? 0;
  };
  const [fours, twos, ones] = [tiles[4], tiles[2], tiles[1]].map((list) => Int32Array.from(list));
  return { pack: { operand, kernel: pack }, run: sharedKernel(pair, lanes, weights, overB, fours, twos, ones) };
}

const none = new Int32Array(0);

function sharedKernel(
  pair: Pair,
  lanes: Lanes,
  weights: Float64Array,
  over: Int32Array,
  fours = none,
  twos = none,
  ones = none,
): Kernel {
  const { count, out: so, b: sb } = lanes;
  const result = pair.out.storage;
  const other = pair.b.storage;
  return () => {
    const out = result.data;
    const b = other.data;
    const t = fours;
    for (let k = 0; k < t.length; k += 6)
      shared4(
        count,
        out,
        at(t, k),
        at(t, k + 1),
        at(t, k + 2),
        at(t, k + 3),
        so,
        weights,
        at(t, k + 4),
        b,
        at(t, k + 5),
        sb,
        over,
      );
    const u = twos;
    for (let k = 0; k < u.length; k += 4)
      shared2(count, out, at(u, k), at(u, k + 1), so, weights, at(u, k + 2), b, at(u, k + 3), sb, over);
    const v = ones;
    for (let k = 0; k < v.length; k += 3)
      shared1(count, out, at(v, k), so, weights, at(v, k + 1), b, at(v, k + 2), sb, over);
  };
}

/** Both operands have lanes (or there are none). */
function bothWithLanes(shape: Shape, pair: Pair, lanes: Lanes): Kernel {
  const { batch, left, right, overA, overB } = split(shape, pair, lanes);
  const squares: number[] = [];
  const ones: number[] = [];
  const evenLeft = left.out.length & ~1;
  const evenRight = right.out.length & ~1;
  batch.out.forEach((batchOut, t) => {
    left.out.forEach((leftOut, l) => {
      right.out.forEach((rightOut, r) => {
        const p = at(batch.a, t) + at(left.a, l);
        const q = at(batch.b, t) + at(right.b, r);
        const o = batchOut + leftOut + rightOut;
        if (l >= evenLeft || r >= evenRight) {
          ones.push(o, p, q);
          return;
        }
        if (l % 2 !== 0 || r % 2 !== 0) return;
        const below = at(left.out, l + 1) - leftOut;
        const beside = at(right.out, r + 1) - rightOut;
        squares.push(o, o + beside, o + below, o + below + beside);
        squares.push(p, at(batch.a, t) + at(left.a, l + 1), q, at(batch.b, t) + at(right.b, r + 1));
      });
    });
  });
  const u = Int32Array.from(squares);
  const v = Int32Array.from(ones);
  const { count, out: so, a: sa, b: sb } = lanes;
  const result = pair.out.storage;
  const first = pair.a.storage;
  const second = pair.b.storage;
  return () => {
    const out = result.data;
    const a = first.data;
    const b = second.data;
    for (let k = 0; k < u.length; k += 8)
      lanes2x2(
        count,
        out,
        at(u, k),
        at(u, k + 1),
        at(u, k + 2),
        at(u, k + 3),
        so,
        a,
        at(u, k + 4),
        at(u, k + 5),
        sa,
        b,
        at(u, k + 6),
        at(u, k + 7),
        sb,
        overA,
        overB,
      );
    for (let k = 0; k < v.length; k += 3)
      lanes1x1(count, out, at(v, k), so, a, at(v, k + 1), sa, b, at(v, k + 2), sb, overA, overB);
  };
}
