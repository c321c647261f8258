/** Eigenvalues and singular values with their vectors, in order and with their signs: what Jacobi's method leaves, packed. */
import type { NodeOf } from "../../../../ir/types.js";
import { signTolerance } from "../../../../ir/dense/vectors.js";
import { arithmetic } from "../../arithmetic.js";
import type { Arithmetic } from "../../arithmetic.js";
import type { Value } from "../../axes.js";
import type { FunctionBuilder, Tensor } from "../../function-builder.js";
import type { Region } from "../../region.js";
import { gatherRows, pad, transpose } from "../../tensors.js";
import { operandAt } from "../lowering.js";
import { batched, batchOf, epsilonOf, finiteMatrices, repeat, unbatched, unitOf } from "./batches.js";
import { symmetric } from "./elimination.js";
import { diagonalised, orthogonalised } from "./rotations.js";

/** `[n, batch]`: the position of the largest value, of the next one, …; equal ones in their order. */
function descendingOrder(a: Arithmetic, values: Tensor): Tensor {
  const [n = 0] = values.shape;
  const [mine, others] = [a.expand(values, 0), a.expand(values, 1)];
  const [i, j] = [a.positions(n, 1, 3), a.positions(n, 0, 3)];
  const before = a.or(a.lt(mine, others), a.and(a.eq(mine, others), a.lt(j, i)));
  const rank = a.sum(a.real(before, i), 0);
  const isAt = a.eq(a.expand(rank, 0), j);
  return a.sum(a.where(isAt, i, a.int(0)), 1);
}

/** Rows `[n, length, batch]` in an order `[n, batch]`. */
function inOrder(f: FunctionBuilder, rows: Tensor, order: Tensor): Tensor {
  const sorted = gatherRows(f, transpose(f, rows, [2, 0, 1]), transpose(f, order, [1, 0]), 1);
  return transpose(f, sorted, [1, 2, 0]);
}

function valuesInOrder(f: FunctionBuilder, values: Tensor, order: Tensor): Tensor {
  const a = arithmetic(f);
  const [n = 0, batch = 1] = values.shape;
  return a.shaped(inOrder(f, a.shaped(values, [n, 1, batch]), order), [n, batch]);
}

/** `[n, batch]`: -1 where the first of a row's entries that are largest in size is negative, else 1. */
function signsOf(a: Arithmetic, rows: Tensor): Tensor {
  const [, length = 0] = rows.shape;
  const size = a.abs(rows);
  const most = a.expand(a.most(size, 1), 1);
  const isLarge = a.not(a.lt(size, a.mul(a.number(1 - signTolerance, rows), most)));
  const place = a.place(a.real(isLarge, a.int(0)), 1);
  const isThere = a.eq(a.expand(place, 1), a.positions(length, 1, 3));
  const entry = a.sum(a.where(isThere, rows, a.number(0, rows)), 1);
  return a.where(a.lt(entry, a.number(0, rows)), a.number(-1, rows), a.number(1, rows));
}

/** Parts `[n, ?, batch]` one behind the other along axis 1. */
function packed(f: FunctionBuilder, parts: readonly Tensor[]): Tensor {
  const a = arithmetic(f);
  const lengths = parts.map((part) => part.shape[1] ?? 0);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  let start = 0;
  const padded = parts.map((part, k) => {
    const length = lengths[k] ?? 0;
    const made = pad(f, part, [
      [0, 0],
      [start, total - start - length],
      [0, 0],
    ]);
    start += length;
    return made;
  });
  return padded.reduce((sum, part) => a.add(sum, part));
}

/** Divided by its largest entry; zeros where it is not finite. */
function scaled(f: FunctionBuilder, matrix: Tensor) {
  const a = arithmetic(f);
  const finite = finiteMatrices(f, matrix);
  const kept = a.where(finite, matrix, a.number(0, matrix));
  const unit = unitOf(f, kept);
  return { matrix: a.div(kept, unit), unit, finite };
}

export function eigh(region: Region, node: NodeOf<"eigh">, operands: readonly Value[]): Value {
  const { f, table } = region;
  const x = operandAt(operands, 0);
  const { rows, columns, to, parts } = node.attributes;
  const batch = batchOf([x], [rows, columns]);
  if (table.size(rows) === 0 || table.count(batch) === 0) return empty(region, [to, parts, ...batch]);
  const a = arithmetic(f);
  const { matrix, unit, finite } = scaled(f, symmetric(region, x, rows, columns, batch));
  const { values, vectors } = diagonalised(region, matrix);
  const order = descendingOrder(a, values);
  const sorted = inOrder(f, vectors, order);
  const signed = a.mul(a.expand(signsOf(a, sorted), 1), sorted);
  const made = packed(f, [a.expand(a.mul(valuesInOrder(f, values, order), unit), 1), signed]);
  return unbatched(region, a.where(finite, made, a.number(NaN, made)), [to, parts], batch);
}

function empty(region: Region, axes: readonly number[]): Value {
  return { tensor: region.f.constant("f32", region.table.shape(axes), 0), axes };
}

export function svd(region: Region, node: NodeOf<"svd">, operands: readonly Value[]): Value {
  const { f, table } = region;
  const x = operandAt(operands, 0);
  const { rows, columns, to, parts } = node.attributes;
  const batch = batchOf([x], [rows, columns]);
  if (table.size(to) === 0 || table.count(batch) === 0) return empty(region, [to, parts, ...batch]);
  const a = arithmetic(f);
  const byColumns = table.size(columns) <= table.size(rows);
  const given = batched(region, x, byColumns ? [columns, rows] : [rows, columns], batch);
  const { matrix, unit, finite } = scaled(f, given);
  const made = orthogonalised(region, matrix, true);
  const lengths = a.sqrt(a.sum(a.square(made.rows), 1));
  const order = descendingOrder(a, lengths);
  const values = valuesInOrder(f, lengths, order);
  const least = a.mul(a.number(epsilonOf(matrix) * (matrix.shape[1] ?? 0), matrix), a.most(values, 0));
  const isNull = a.not(a.lt(least, values));
  const divisor = a.expand(a.where(isNull, a.number(1, matrix), values), 1);
  const long = completed(
    region,
    a.where(a.expand(isNull, 1), a.number(0, matrix), a.div(inOrder(f, made.rows, order), divisor)),
    isNull,
  );
  const short = inOrder(f, made.turns, order);
  const [left, right] = byColumns ? [long, short] : [short, long];
  const sign = signsOf(a, left);
  const other = a.where(isNull, signsOf(a, right), sign);
  const all = packed(f, [
    a.expand(a.mul(values, unit), 1),
    a.mul(a.expand(sign, 1), left),
    a.mul(a.expand(other, 1), right),
  ]);
  return unbatched(region, a.where(finite, all, a.number(NaN, all)), [to, parts], batch);
}

/** Rows that are 0 become unit vectors orthogonal to all others: each what is left of the axis that they cover least. */
function completed(region: Region, rows: Tensor, isNull: Tensor): Tensor {
  const [n = 0, length = 0] = rows.shape;
  const [made = rows] = repeat(region, n, [rows, isNull], (a, k, state) => {
    const [u = rows, none = isNull] = state;
    const axis = a.leastPlace(a.sum(a.square(u), 0), 0);
    const unit = a.real(a.eq(a.positions(length, 0, 2), axis), u);
    const rest = (e: Tensor): Tensor => {
      const products = a.sum(a.mul(u, e), 1);
      return a.sub(e, a.sum(a.mul(a.expand(products, 1), u), 0));
    };
    const own = rest(rest(unit));
    const size = a.sqrt(a.sum(a.square(own), 0));
    const isHere = a.and(a.eq(a.positions(n, 0, 2), k), none);
    return [a.where(a.expand(isHere, 1), a.div(own, size), u), none];
  });
  return made;
}

export function svdValues(region: Region, node: NodeOf<"svd_values">, operands: readonly Value[]): Value {
  const { f, table } = region;
  const x = operandAt(operands, 0);
  const { rows, columns, to } = node.attributes;
  const batch = batchOf([x], [rows, columns]);
  if (table.size(to) === 0 || table.count(batch) === 0) return empty(region, [to, ...batch]);
  const a = arithmetic(f);
  const byColumns = table.size(columns) <= table.size(rows);
  const given = batched(region, x, byColumns ? [columns, rows] : [rows, columns], batch);
  const { matrix, unit, finite } = scaled(f, given);
  const lengths = a.sqrt(a.sum(a.square(orthogonalised(region, matrix, false).rows), 1));
  const values = a.mul(valuesInOrder(f, lengths, descendingOrder(a, lengths)), unit);
  return unbatched(region, a.where(finite, values, a.number(NaN, values)), [to], batch);
}
