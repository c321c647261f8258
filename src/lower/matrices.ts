/** Linear algebra over two indices: which op it is, and which labels its result has. */
import { UserError } from "../base/diagnostic.js";
import { partAt } from "../ir/ops/eigh.js";
import { delta } from "../ir/ops/matrix.js";
import { inverse } from "../ir/ops/solve.js";
import { singularParts } from "../ir/ops/svd.js";
import type { DimId, ValueId } from "../ir/types.js";
import type { Index, MatrixExpr } from "../language/typed.js";
import { dimAlong } from "./axes.js";
import { definitionOf, type Context, type Environment } from "./context.js";
import { dimsOf, lowerDefinition } from "./definitions.js";
import { lowerReal, spread } from "./expressions.js";
import { watch } from "./ints.js";

/** A matrix with its two dims; `back` gives a result made of it the labels of the place. */
interface Operand {
  readonly value: ValueId;
  readonly rows: DimId;
  readonly columns: DimId;
  readonly back: (made: ValueId) => ValueId;
}

export function lowerMatrix(context: Context, environment: Environment, expr: MatrixExpr): ValueId {
  const { builder: b } = context;
  if (expr.operation === "solve") return lowerSolve(context, environment, expr);
  const x = operandOf(context, environment, expr);
  const { rows, columns } = x;
  const dims = { rows, columns };
  const [first = rows, second = columns] = expr.results.map((index) => indexDim(context, index));
  switch (expr.operation) {
    case "inverse":
      requireSquare(context, expr, x);
      return renamed(context, x.back(inverse(b, x.value, dims)), [rows, columns], [first, second]);
    case "cholesky":
      requireSymmetric(context, expr, x);
      return renamed(context, x.back(b.apply("cholesky", [x.value], dims)), [rows, columns], [first, second]);
    case "logdet":
      requireSquare(context, expr, x);
      return x.back(b.apply("log_det", [x.value], dims));
    case "trace":
      requireSquare(context, expr, x);
      return x.back(b.reduceSum(b.diagonal(x.value, rows, columns), [rows]));
    case "polar":
      return renamed(context, x.back(lowerPolar(context, environment, expr, x)), [rows, columns], [first, second]);
    case "projector":
      return lowerProjector(context, environment, expr, x, first, second);
    case "eigh":
      return lowerEigh(context, expr, x, first, second);
    case "svd":
      return lowerSvd(context, expr, x, first, second);
  }
}

function indexDim(context: Context, index: Index): DimId {
  return dimAlong(context, index);
}

/** A definition that is read as it stands keeps its own labels: so all parts of one decomposition are parts of one value. */
function operandOf(context: Context, environment: Environment, expr: MatrixExpr): Operand {
  const [rows, columns] = [indexDim(context, expr.rows), indexDim(context, expr.columns)];
  const { body } = expr;
  if (body.kind === "read" && body.type.kind === "real") {
    const indices = body.subscripts.flatMap((subscript) => (subscript.kind === "index" ? [subscript.index] : []));
    const { axes } = definitionOf(context, body.definition);
    const isPlain =
      indices.length === body.subscripts.length &&
      new Set(indices.map((index) => index.id)).size === indices.length &&
      indices.every((index, k) => index.axis === axes[k]?.axis);
    if (isPlain) {
      const own = dimsOf(context, definitionOf(context, body.definition));
      const ownOf = (index: Index): DimId => own[indices.findIndex((other) => other.id === index.id)] ?? -1;
      const [ownRows, ownColumns] = [ownOf(expr.rows), ownOf(expr.columns)];
      const value = spread(context, lowerDefinition(context, environment, body.definition), [ownRows, ownColumns]);
      const places = indices.map((index) => indexDim(context, index));
      const others = [...own.keys()].filter((k) => own[k] !== ownRows && own[k] !== ownColumns);
      const at = (list: readonly DimId[]): DimId[] => others.map((k) => list[k] ?? -1);
      const back = (made: ValueId): ValueId => renamed(context, made, at(own), at(places));
      return { value, rows: ownRows, columns: ownColumns, back };
    }
  }
  const value = spread(context, lowerReal(context, environment, body), [rows, columns]);
  return { value, rows, columns, back: (made) => made };
}

/** Renames those of the dims that the value has. */
function renamed(context: Context, value: ValueId, from: readonly DimId[], to: readonly DimId[]): ValueId {
  const { builder: b } = context;
  const pairs = from.flatMap((dim, k) => {
    const target = to[k];
    return target !== undefined && target !== dim && b.dimsOf(value).includes(dim) ? [[dim, target] as const] : [];
  });
  return b.relabel(
    value,
    pairs.map(([dim]) => dim),
    pairs.map(([, target]) => target),
  );
}

function lowerSolve(context: Context, environment: Environment, expr: MatrixExpr): ValueId {
  const { builder: b } = context;
  const [rows, columns] = [indexDim(context, expr.rows), indexDim(context, expr.columns)];
  if (expr.right === null) throw new Error("`solve` without a right side reached lowering");
  const matrix = spread(context, lowerReal(context, environment, expr.body), [rows, columns]);
  requireSquare(context, expr, { value: matrix, rows, columns, back: (made) => made });
  const right = spread(context, lowerReal(context, environment, expr.right), [rows]);
  return b.apply("solve", [matrix, right], { rows, columns });
}

function requireSquare(context: Context, expr: MatrixExpr, { rows, columns }: Operand): void {
  const [n, d] = [rows, columns].map((dim) => context.builder.exactSize(dim));
  if (n === d) return;
  throw new UserError({
    code: "AM3041",
    severity: "error",
    message: `\`${expr.operation}\` takes a square matrix, and this is ${n ?? 0} by ${d ?? 0}`,
    span: expr.span,
    help: "the axes of its two indices have other sizes at this point of the plan",
  });
}

/** A point fails where the matrix is not symmetric to rounding: else half of it would be used without a word. */
function requireSymmetric(context: Context, expr: MatrixExpr, x: Operand): void {
  const { builder: b } = context;
  requireSquare(context, expr, x);
  const share = b.dtypeOf(x.value) === "f64" ? 1e-8 : 1e-3;
  const turned = b.relabel(x.value, [x.rows, x.columns], [x.columns, x.rows]);
  const both = [x.rows, x.columns];
  if (b.exactSize(x.rows) === 0) return;
  const most = b.reduceMax(b.abs(x.value), both);
  const apart = b.reduceMax(b.abs(b.sub(x.value, turned)), both);
  const differs = b.gt(apart, b.mul(b.number(share, most), most));
  watch(context, b.not(differs), `\`${expr.operation}\` takes a symmetric matrix, and this is none`, expr.span);
}

/** Directions whose singular value is not above this share of the largest are left out. */
function isAbove(context: Context, environment: Environment, expr: MatrixExpr, values: ValueId, to: DimId, x: Operand) {
  const { builder: b } = context;
  const unit = b.dtypeOf(x.value) === "f64" ? 2 ** -52 : 2 ** -23;
  const rounding = b.number(unit * Math.max(b.exactSize(x.rows), b.exactSize(x.columns)), values);
  const share = expr.tolerance === null ? rounding : b.max(rounding, lowerReal(context, environment, expr.tolerance));
  return b.gt(values, b.mul(share, b.reduceMax(values, [to])));
}

interface Singular {
  readonly to: DimId;
  readonly values: ValueId;
  readonly left: ValueId;
  readonly right: ValueId;
}

/** The whole decomposition; one value for all that is taken of it. */
function singular(context: Context, x: Operand): Singular {
  const { builder: b } = context;
  const count = Math.min(b.exactSize(x.rows), b.exactSize(x.columns));
  const to = dimOf(context, `svd ${x.value} ${x.rows} ${x.columns}`, count);
  const parts = dimOf(
    context,
    `svd parts ${x.value} ${x.rows} ${x.columns}`,
    1 + b.exactSize(x.rows) + b.exactSize(x.columns),
  );
  const packed = b.apply("svd", [x.value], { rows: x.rows, columns: x.columns, to, parts });
  return { to, ...singularParts(b, packed, x, parts) };
}

/** A dim for something that may be lowered again: the same one then, so that the value is the same as well. */
function dimOf(context: Context, key: string, size: number): DimId {
  const known = context.madeDims.get(key);
  if (known !== undefined) return known;
  const dim = context.builder.dim(key.split(" ")[0] ?? key, size);
  context.madeDims.set(key, dim);
  return dim;
}

function lowerPolar(context: Context, environment: Environment, expr: MatrixExpr, x: Operand): ValueId {
  const { builder: b } = context;
  const { to, values, left, right } = singular(context, x);
  const isKept = isAbove(context, environment, expr, values, to, x);
  const kept = b.select(isKept, left, b.number(0, left));
  const made = b.contract([kept, right], [to]);
  const { rows, columns } = x;
  return b.apply("polar", [made, x.value, values, left, right, isKept], { rows, columns, to });
}

/** I - Σ v v' over the right vectors that belong to a value that is not 0. */
function lowerProjector(
  context: Context,
  environment: Environment,
  expr: MatrixExpr,
  x: Operand,
  first: DimId,
  second: DimId,
): ValueId {
  const { builder: b } = context;
  const { to, values, left, right } = singular(context, x);
  const { rows, columns } = x;
  const isKept = isAbove(context, environment, expr, values, to, x);
  const kept = b.select(isKept, right, b.number(0, right));
  const copy = dimOf(context, `projector ${x.value} ${rows} ${columns}`, b.exactSize(columns));
  const onto = b.contract([kept, b.relabel(kept, [columns], [copy])], [to]);
  const value = b.sub(delta(b, columns, copy, b.dtypeOf(x.value)), onto);
  const attributes = { rows, columns, to, second: copy };
  const made = b.apply("projector", [value, x.value, values, left, right, isKept], attributes);
  return renamed(context, x.back(made), [columns, copy], [first, second]);
}

/** The first entries along the values, under the label of the index that they are read by. */
function leading(context: Context, expr: MatrixExpr, value: ValueId, to: DimId, first: DimId): ValueId {
  const { builder: b } = context;
  const [all, wanted] = [b.exactSize(to), b.exactSize(first)];
  if (wanted === all) return b.relabel(value, [to], [first]);
  if (wanted < all) return b.slice(value, to, first, 0);
  throw new UserError({
    code: "AM3041",
    severity: "error",
    message: `there are only ${all} values, and the axis of \`${b.dimName(first)}\` has ${wanted} positions`,
    span: expr.span,
    help: "a shorter axis takes the leading ones",
  });
}

function lowerEigh(context: Context, expr: MatrixExpr, x: Operand, first: DimId, second: DimId): ValueId {
  const { builder: b } = context;
  requireSymmetric(context, expr, x);
  const n = b.exactSize(x.rows);
  const to = dimOf(context, `eigh ${x.value} ${x.rows} ${x.columns}`, n);
  const parts = dimOf(context, `eigh parts ${x.value} ${x.rows} ${x.columns}`, n + 1);
  const packed = b.apply("eigh", [x.value], { rows: x.rows, columns: x.columns, to, parts });
  if (expr.part === "values") return leading(context, expr, x.back(partAt(b, packed, parts, 0)), to, first);
  const vectors = x.back(b.slice(packed, parts, x.rows, 1));
  return leading(context, expr, b.relabel(vectors, [x.rows], [second]), to, first);
}

function lowerSvd(context: Context, expr: MatrixExpr, x: Operand, first: DimId, second: DimId): ValueId {
  const { builder: b } = context;
  if (expr.part === "values") {
    const count = Math.min(b.exactSize(x.rows), b.exactSize(x.columns));
    const to = dimOf(context, `svd_values ${x.value} ${x.rows} ${x.columns}`, count);
    const values = x.back(b.apply("svd_values", [x.value], { rows: x.rows, columns: x.columns, to }));
    // `svd_values(i, j)` stands on i, which may be longer: the others are 0.
    const isOnRows = expr.results[0]?.id === expr.rows.id;
    return isOnRows && b.exactSize(first) > count
      ? b.pad(values, to, first, 0)
      : leading(context, expr, values, to, first);
  }
  const { to, left, right } = singular(context, x);
  const [vectors, own] = expr.part === "left" ? [left, x.rows] : [right, x.columns];
  return leading(context, expr, b.relabel(x.back(vectors), [own], [second]), to, first);
}
