/**
 * `sharpness(e, v)`: the largest eigenvalue of the Hessian. Up to a size the Hessian is formed, from all directions at once, and
 * diagonalised; beyond, Lanczos' method of a fixed length on products with it, with all vectors kept orthogonal.
 */
import type { Builder } from "../ir/builder.js";
import { flattened } from "../ir/compose/order.js";
import { partAt } from "../ir/ops/eigh.js";
import { delta } from "../ir/ops/matrix.js";
import type { DimId, ValueId } from "../ir/types.js";
import type { SharpnessExpr } from "../language/typed.js";
import { definitionOf, type Context, type Environment } from "./context.js";
import { dimsOf, inputValue } from "./definitions.js";
import { alongDirection, cutOut, cutOutAt, derivativeOf } from "./derivatives.js";
import { lowerReal } from "./expressions.js";

/** The most entries of v with which the whole Hessian is formed. */
const mostFormed = 128;
/** Steps of Lanczos' method. */
const steps = 24;
/** The residual, as a share of the eigenvalue, from which on the result counts as unknown. */
const mostResidual = 1e-2;

export function lowerSharpness(context: Context, environment: Environment, expr: SharpnessExpr): ValueId {
  const { builder: b } = context;
  const cut =
    expr.at.length === 0 ? cutOut(context, environment, expr.by) : cutOutAt(context, environment, expr.by, expr.at);
  const output = lowerReal(context, cut.inside, expr.of);
  const first = derivativeOf(context, output, cut.variable);
  const own = dimsOf(context, definitionOf(context, expr.by)).slice(expr.at.length);
  const count = own.reduce((product, dim) => product * b.exactSize(dim), 1);
  const product = (direction: ValueId): ValueId => cut.uncut(alongDirection(context, first, cut.variable, direction));
  if (count === 0) return b.constant(-Infinity, context.experiment.precision);
  return count <= mostFormed ? formed(context, own, product) : lanczos(context, expr, own, product);
}

/** All products with unit vectors are the Hessian. */
function formed(context: Context, own: readonly DimId[], product: (direction: ValueId) => ValueId): ValueId {
  const { builder: b } = context;
  const real = context.experiment.precision;
  const copies = own.map((dim) => b.dim(b.dimName(dim), b.exactSize(dim)));
  const units = own.reduce((all, dim, k) => b.mul(all, delta(b, dim, copies[k] ?? dim, real)), b.constant(1, real));
  const hessian = product(units);
  if (own.length === 0) return hessian;
  const rows = flattened(b, hessian, own);
  const both = flattened(b, rows.value, copies);
  return largestEigenvalue(b, both.value, rows.dim, both.dim);
}

function largestEigenvalue(b: Builder, matrix: ValueId, rows: DimId, columns: DimId): ValueId {
  const n = b.exactSize(rows);
  const [to, parts] = [b.dim("k", n), b.dim("part", n + 1)];
  const packed = b.apply("eigh", [matrix], { rows, columns, to, parts });
  return partAt(b, partAt(b, packed, parts, 0), to, 0);
}

/** A vector drawn once, the same for all runs. */
function start(context: Context, expr: SharpnessExpr, own: readonly DimId[]): ValueId {
  const definition = definitionOf(context, expr.by);
  return inputValue(context, `sharpness ${definition.id}`, {
    name: `sharpness of ${definition.name}`,
    type: { dtype: context.experiment.precision, dims: own },
    source: { kind: "draw", stream: "sharpness", distribution: { kind: "normal" }, by: [] },
  });
}

function lanczos(
  context: Context,
  expr: SharpnessExpr,
  own: readonly DimId[],
  product: (direction: ValueId) => ValueId,
): ValueId {
  const { builder: b } = context;
  const real = context.experiment.precision;
  const zero = b.constant(0, real);
  const dot = (x: ValueId, y: ValueId): ValueId => b.contract([x, y], own);
  const [rows, columns] = [b.dim("step", steps), b.dim("step", steps)];
  const atRow = (k: number): ValueId => b.eq(b.iota(rows), b.constant(k, "i32"));
  const atColumn = (k: number): ValueId => b.eq(b.iota(columns), b.constant(k, "i32"));
  const place = (x: ValueId, i: number, j: number): ValueId => b.select(b.and(atRow(i), atColumn(j)), x, zero);

  const random = start(context, expr, own);
  let q = b.div(random, b.sqrt(dot(random, random)));
  /** All vectors so far along `rows`, zeros behind. */
  let basis = b.select(atRow(0), q, zero);
  let tridiagonal = b.constant(0, real, [rows, columns]);
  let [first, isOver, coupling]: [ValueId, ValueId, ValueId] = [zero, b.constant(0, "bool"), zero];
  for (let k = 0; k < steps; k++) {
    const image = product(q);
    const diagonal = dot(q, image);
    first = k === 0 ? diagonal : first;
    // Where the space is exhausted a value that is in it stands in for the rest.
    tridiagonal = b.add(tridiagonal, place(b.select(isOver, first, diagonal), k, k));
    // Twice orthogonal to all before: rounding alone would bring back what has converged.
    const orthogonal = (vector: ValueId): ValueId =>
      b.sub(vector, b.contract([basis, b.contract([basis, vector], own)], [rows]));
    const rest = orthogonal(orthogonal(image));
    const size = b.sqrt(dot(rest, rest));
    const least = b.mul(b.constant(real === "f64" ? 1e-10 : 1e-4, real), b.sqrt(dot(image, image)));
    isOver = b.or(isOver, b.le(size, least));
    coupling = b.select(isOver, zero, size);
    if (k + 1 === steps) break;
    q = b.select(isOver, zero, b.div(rest, b.select(isOver, b.constant(1, real), size)));
    basis = b.add(basis, b.select(atRow(k + 1), q, zero));
    tridiagonal = b.add(tridiagonal, b.add(place(coupling, k, k + 1), place(coupling, k + 1, k)));
  }
  const [to, parts] = [b.dim("k", steps), b.dim("part", steps + 1)];
  const packed = b.apply("eigh", [tridiagonal], { rows, columns, to, parts });
  const top = partAt(b, packed, to, 0);
  const value = partAt(b, top, parts, 0);
  // |H y - λ y| is the last coupling times the last entry of the tridiagonal matrix's vector.
  const residual = b.abs(b.mul(coupling, partAt(b, top, parts, steps)));
  const isKnown = b.le(residual, b.mul(b.number(mostResidual, value), b.abs(value)));
  return b.select(isKnown, value, b.number(NaN, value));
}
