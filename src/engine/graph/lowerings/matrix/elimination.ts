/** Gaussian elimination with partial pivoting, and Cholesky's factor: a step of a loop for each column. */
import type { NodeOf } from "../../../../ir/types.js";
import { arithmetic } from "../../arithmetic.js";
import type { Arithmetic } from "../../arithmetic.js";
import type { Value } from "../../axes.js";
import type { FunctionBuilder, Tensor } from "../../function-builder.js";
import type { Region } from "../../region.js";
import { isFinite, reduce, unary } from "../../tensors.js";
import { operandAt } from "../lowering.js";
import { batched, batchOf, diagonalOf, epsilonOf, finiteMatrices, repeat, unbatched } from "./batches.js";

interface Eliminated {
  /** Upper triangular; what stands below the diagonal means nothing. `[n, n, batch]` */
  readonly matrix: Tensor;
  /** `[n, m, batch]` */
  readonly right: Tensor;
  /** By batch: 1 or -1, the sign of the exchanges of rows. */
  readonly sign: Tensor;
  /** By batch: whether a pivot was 0, or noise. */
  readonly singular: Tensor;
}

/** Matrices that are not finite are replaced by the identity. */
function prepared(f: FunctionBuilder, matrix: Tensor): { readonly matrix: Tensor; readonly finite: Tensor } {
  const a = arithmetic(f);
  const finite = finiteMatrices(f, matrix);
  const eye = a.real(diagonalOf(a, matrix.shape[0] ?? 0), matrix);
  return { matrix: a.where(finite, matrix, eye), finite };
}

/** Pivots that are made of the rounding of entries alone, `epsilon`, count as 0. */
function eliminate(region: Region, matrix: Tensor, right: Tensor, epsilon = 0): Eliminated {
  const { f } = region;
  const [n = 0, , batch = 1] = matrix.shape;
  const signs = f.constant(matrix.type, [batch], 1);
  const none = f.constant("bool", [batch], 0);
  const noise = noiseOf(f, matrix, epsilon);
  const [upper, made, sign, singular] = repeat(region, n, [matrix, right, signs, none, noise], (a, k, state) => {
    const [m, r, s, bad, least] = five(state);
    const i = a.positions(n, 0, 2);
    const column = a.take(m, k, 1);
    const candidates = a.where(a.lt(i, k), a.number(-1, m), a.abs(column));
    const pivot = a.place(candidates, 0);
    const isPivot = a.eq(i, pivot);
    const [pivotRow, exchangedM] = exchanged(a, m, k, isPivot);
    const [pivotRight, exchangedR] = exchanged(a, r, k, isPivot);
    const value = a.take(pivotRow, k, 0);
    const isZero = a.le(a.abs(value), a.take(least, k, 0));
    const below = a.lt(k, i);
    const divisor = a.where(isZero, a.number(1, m), value);
    const factor = a.expand(a.where(below, a.div(a.take(exchangedM, k, 1), divisor), a.number(0, m)), 1);
    return [
      a.sub(exchangedM, a.mul(factor, pivotRow)),
      a.sub(exchangedR, a.mul(factor, pivotRight)),
      a.where(a.eq(pivot, k), s, a.sub(a.number(0, s), s)),
      a.or(bad, isZero),
      least,
    ];
  });
  return { matrix: upper ?? matrix, right: made ?? right, sign: sign ?? signs, singular: singular ?? none };
}

/** The pivot's row, and the rows with it at place k and row k at its place. */
function exchanged(a: Arithmetic, rows: Tensor, k: Tensor, isPivot: Tensor): readonly [Tensor, Tensor] {
  const chosen = a.expand(isPivot, 1);
  const pivotRow = a.sum(a.where(chosen, rows, a.number(0, rows)), 0);
  const isHere = a.eq(a.positions(rows.shape[0] ?? 0, 0, 3), k);
  return [pivotRow, a.where(isHere, pivotRow, a.where(chosen, a.take(rows, k, 0), rows))];
}

/** By column and batch: the rounding of a column's largest entry, or of the least of the rows' largest ones. */
function noiseOf(f: FunctionBuilder, matrix: Tensor, epsilon: number): Tensor {
  const a = arithmetic(f);
  const sizes = a.abs(matrix);
  const [columns, rows] = [a.most(sizes, 0), reduce(f, "Min", a.most(sizes, 1), [0])];
  const scale = a.where(a.lt(columns, rows), columns, rows);
  return a.mul(a.number(epsilon * (matrix.shape[0] ?? 0), matrix), scale);
}

function five(state: readonly Tensor[]): readonly [Tensor, Tensor, Tensor, Tensor, Tensor] {
  const [v, w, x, y, z] = state;
  if (v === undefined || w === undefined || x === undefined || y === undefined || z === undefined)
    throw new Error("a state of five");
  return [v, w, x, y, z];
}

export function solve(region: Region, node: NodeOf<"solve">, operands: readonly Value[]): Value {
  const { f, table } = region;
  const [x, b] = [operandAt(operands, 0), operandAt(operands, 1)];
  const { rows, columns } = node.attributes;
  const batch = batchOf([x], [rows, columns]);
  // Dims that the right side alone has are further right sides of one system.
  const many = batchOf([b], [rows, ...batch]);
  const n = table.size(rows);
  const { matrix, finite } = prepared(f, batched(region, x, [rows, columns], batch));
  const given = batched(region, b, [rows, ...many], batch);
  const right = arithmetic(f).shaped(given, [n, table.count(many), table.count(batch)]);
  const a = arithmetic(f);
  const good = a.all(isFinite(f, right), 0);
  const done = eliminate(region, matrix, a.where(good, right, a.number(0, right)), epsilonOf(matrix));
  const [solved = right] = repeat(region, n, [done.right, done.matrix], (inner, step, state) => {
    const [r = right, m = matrix] = state;
    const k = inner.sub(inner.int(n - 1), step);
    const pivot = inner.take(inner.take(m, k, 0), k, 0);
    const divisor = inner.where(inner.eq(pivot, inner.number(0, m)), inner.number(1, m), pivot);
    const row = inner.div(inner.take(r, k, 0), divisor);
    const above = inner.where(inner.lt(inner.positions(n, 0, 2), k), inner.take(m, k, 1), inner.number(0, m));
    const rest = inner.sub(r, inner.mul(inner.expand(above, 1), row));
    return [inner.where(inner.eq(inner.positions(n, 0, 3), k), row, rest), m];
  });
  const known = a.and(a.and(good, finite), a.not(done.singular));
  return unbatched(region, a.where(known, solved, a.number(NaN, solved)), [columns, ...many], batch);
}

export function logDet(region: Region, node: NodeOf<"log_det">, operands: readonly Value[]): Value {
  const { f, table } = region;
  const x = operandAt(operands, 0);
  const { rows, columns } = node.attributes;
  const batch = batchOf([x], [rows, columns]);
  const n = table.size(rows);
  const { matrix, finite } = prepared(f, batched(region, x, [rows, columns], batch));
  const a = arithmetic(f);
  const done = eliminate(region, matrix, f.constant(matrix.type, [n, 1, table.count(batch)], 0));
  const pivots = a.sum(a.where(diagonalOf(a, n), done.matrix, a.number(0, matrix)), 1);
  const logs = a.sum(unary(f, "Log", a.abs(pivots)), 0);
  const sign = a.mul(done.sign, reduce(f, "Prod", unary(f, "Sign", pivots), [0]));
  const positive = a.where(a.lt(sign, a.number(0, sign)), a.number(NaN, logs), logs);
  const value = a.where(done.singular, a.number(-Infinity, logs), positive);
  return unbatched(region, a.where(finite, value, a.number(NaN, logs)), [], batch);
}

export function cholesky(region: Region, node: NodeOf<"cholesky">, operands: readonly Value[]): Value {
  const { f, table } = region;
  const x = operandAt(operands, 0);
  const { rows, columns } = node.attributes;
  const batch = batchOf([x], [rows, columns]);
  const n = table.size(rows);
  const a = arithmetic(f);
  const { matrix, finite } = prepared(f, symmetric(region, x, rows, columns, batch));
  const start = [matrix, f.constant(matrix.type, matrix.shape, 0), finite];
  const [, factor = matrix, positive = finite] = repeat(region, n, start, (inner, k, state) => {
    const [m = matrix, l = matrix, good = finite] = state;
    const column = inner.take(m, k, 1);
    const pivot = inner.take(column, k, 0);
    const isPositive = inner.lt(inner.number(0, m), pivot);
    const root = inner.sqrt(inner.where(isPositive, pivot, inner.number(1, m)));
    const above = inner.lt(inner.positions(n, 0, 2), k);
    const made = inner.where(above, inner.number(0, m), inner.div(column, root));
    return [
      inner.sub(m, inner.mul(inner.expand(made, 1), made)),
      inner.where(inner.eq(inner.positions(n, 1, 3), k), inner.expand(made, 1), l),
      inner.and(good, isPositive),
    ];
  });
  return unbatched(region, a.where(positive, factor, a.number(NaN, factor)), [rows, columns], batch);
}

/** `[n, n, batch]`: half of a matrix and its transpose. */
export function symmetric(region: Region, x: Value, rows: number, columns: number, batch: readonly number[]): Tensor {
  const a = arithmetic(region.f);
  const [straight, turned] = [batched(region, x, [rows, columns], batch), batched(region, x, [columns, rows], batch)];
  return a.mul(a.number(0.5, straight), a.add(straight, turned));
}
