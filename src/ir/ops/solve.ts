/** Systems of linear equations, and the logarithm of the determinant. */
import { logDeterminant, solve as solveDense } from "../dense/solve.js";
import { mapMatrices } from "../dense/matrices.js";
import { entryCount, union, without } from "../dims.js";
import { at } from "../fault.js";
import type { Builder } from "../builder.js";
import { roundingOf } from "../rounding.js";
import type { Sampler } from "../sampler.js";
import { between } from "../sampler.js";
import type { NodeOf, ValueId } from "../types.js";
import type { OpDefinition } from "./definition.js";
import { defaults, realTypes, require, requireOperands } from "./definition.js";
import {
  delta,
  matricesListed,
  matrixOperand,
  matrixTolerance,
  requireMatrix,
  requireSquare,
  type MatrixDims,
} from "./matrix.js";

/** Diagonally dominant, so far from singular, with a positive determinant. */
function wellConditioned(s: Sampler, batch: readonly number[]) {
  const n = s.dim(s.int(1, 5));
  const attributes = { rows: n, columns: s.dim(s.size(n)) };
  const dims = [...batch, attributes.rows, attributes.columns];
  return { attributes, matrix: matrixOperand(s, dims, attributes, (i, j) => s.real(-0.7, 0.7) + (i === j ? 3 : 0)) };
}

export const solve: OpDefinition<"solve"> = {
  ...defaults,
  name: "solve",
  doc: "`(A, b)`: the x over the columns of A with Σ_columns A x = b over its rows. NaN where A is singular to rounding or not finite, or b is not finite.",
  // 2: what is singular to rounding gives NaN.
  semantics: 2,
  dtypes: realTypes,
  unspecified: ["matrices whose least pivot is near n times the rounding of their entries"],
  infer(operands, attributes, sizes) {
    requireOperands("solve", operands, 2);
    const a = at(operands, 0);
    const b = at(operands, 1);
    const { rows, columns } = attributes;
    const batch = requireMatrix("solve", a, attributes);
    requireSquare("solve", attributes, sizes);
    require(a.dtype === b.dtype, "solve", `operands differ in type: ${a.dtype} and ${b.dtype}`);
    require(b.dims.includes(rows) &&
      !b.dims.includes(columns), "solve", "the right side has the rows of the matrix only");
    return { dtype: a.dtype, dims: [...union(batch, without(b.dims, [rows])), columns] };
  },
  evaluate(operands, node, { sizes }) {
    const { rows, columns } = node.attributes;
    const many = without(at(operands, 1).dims, [rows, ...at(operands, 0).dims]);
    const axes = [
      [rows, columns],
      [rows, ...many],
    ];
    return mapMatrices(operands, axes, node.type.dims, [columns, ...many], sizes, ([matrix, right]) => {
      if (matrix === undefined || right === undefined) return [];
      solveDense(matrix, sizes.size(rows), right, entryCount(many, sizes), roundingOf(node.type.dtype));
      return right;
    });
  },
  // b gains A^-T t, and A gains -(A^-T t) x'.
  reverse(b, node, t) {
    const { rows, columns } = node.attributes;
    const a = at(node.operands, 0);
    const right = b.apply("solve", [a, t], { rows: columns, columns: rows });
    const extra = without(b.dimsOf(node.id), b.dimsOf(a));
    return [b.neg(b.contract([right, node.id], extra)), right];
  },
  forward(b, node, [ta = null, tb = null]) {
    const a = at(node.operands, 0);
    const { columns } = node.attributes;
    const moved = ta === null ? null : b.neg(b.contract([b.spread(ta, a), node.id], [columns]));
    const total = b.sumOf([tb === null ? null : b.spread(tb, at(node.operands, 1)), moved]);
    return total === null ? null : b.apply("solve", [a, total], node.attributes);
  },
  sample(s) {
    const batch = s.dims(0, 1);
    const { attributes, matrix } = wellConditioned(s, batch);
    const right = s.tensor(s.shuffle([...s.subset(batch), attributes.rows, ...s.dims(0, 1)]), between(-2, 2));
    return { operands: [matrix, right], attributes, declared: null };
  },
  edges(s) {
    const cases: readonly (readonly [readonly (readonly number[])[], readonly number[]])[] = [
      [
        [
          [0, 2],
          [3, 0],
        ],
        [4, 9],
      ],
      [
        [
          [1, 1],
          [1, 1],
        ],
        [1, 2],
      ],
      // A third of the other row, but for the rounding of 1 / 3 in either precision.
      [
        [
          [1 / 3, 1],
          [1, 3],
        ],
        [1, 2],
      ],
      // Rows, or columns, in units of their own are not singular.
      [
        [
          [1e-9, 2e-9],
          [2, 1],
        ],
        [1e-9, 2],
      ],
      [
        [
          [1e-9, 2],
          [2e-9, 1],
        ],
        [1, 2],
      ],
      [
        [
          [1, NaN],
          [0, 1],
        ],
        [1, 2],
      ],
      [
        [
          [2, 0],
          [0, 4],
        ],
        [NaN, 2],
      ],
      [
        [
          [2, 0],
          [0, 4],
        ],
        [1, Infinity],
      ],
    ];
    const { operand, dims, batch } = matricesListed(
      s,
      cases.map(([matrix]) => matrix),
    );
    const data = Float64Array.from(cases.flatMap(([, right]) => right));
    const right = { type: { dtype: s.dtype, dims: [batch, dims.rows] }, data };
    return [{ operands: [operand, right], attributes: dims, declared: null }];
  },
  tolerance: matrixTolerance,
};

/** The inverse over (columns, rows), with the rows under the label that is given. */
export function inverse(b: Builder, a: ValueId, dims: MatrixDims): ValueId {
  const { rows, columns } = dims;
  const copy = b.copyOf(rows);
  const right = delta(b, rows, copy, b.dtypeOf(a));
  return b.relabel(b.apply("solve", [a, right], { rows, columns }), [copy], [rows]);
}

export const logDet: OpDefinition<"log_det"> = {
  ...defaults,
  name: "log_det",
  doc: "The logarithm of the determinant over two dims: -inf where it is 0, NaN where it is negative or an entry is not finite.",
  dtypes: realTypes,
  unspecified: ["matrices that are singular to rounding but not exactly"],
  infer(operands, attributes, sizes) {
    requireOperands("log_det", operands, 1);
    const x = at(operands, 0);
    const dims = requireMatrix("log_det", x, attributes);
    requireSquare("log_det", attributes, sizes);
    return { dtype: x.dtype, dims };
  },
  evaluate(operands, node, { sizes }) {
    const { rows, columns } = node.attributes;
    const make = ([a]: readonly Float64Array[]) => [logDeterminant(a ?? new Float64Array(0), sizes.size(rows))];
    return mapMatrices(operands, [[rows, columns]], node.type.dims, [], sizes, make);
  },
  reverse: (b, node, t) => [b.mul(t, slope(b, node))],
  forward(b, node, [t]) {
    if (t === null || t === undefined) return null;
    const { rows, columns } = node.attributes;
    return b.contract([b.spread(t, at(node.operands, 0)), slope(b, node)], [rows, columns]);
  },
  sample(s) {
    const { attributes, matrix } = wellConditioned(s, s.dims(0, 1));
    return { operands: [matrix], attributes, declared: null };
  },
  edges(s) {
    const matrices = [
      [
        [0, 2],
        [-3, 0],
      ],
      [
        [0, 2],
        [3, 0],
      ],
      [
        [1, 1],
        [1, 1],
      ],
      [
        [1, Infinity],
        [0, 1],
      ],
    ];
    const { operand, dims } = matricesListed(s, matrices);
    return [{ operands: [operand], attributes: dims, declared: null }];
  },
  tolerance: matrixTolerance,
};

/** The inverse, transposed. */
function slope(b: Builder, node: NodeOf<"log_det">): ValueId {
  return inverse(b, at(node.operands, 0), node.attributes);
}
