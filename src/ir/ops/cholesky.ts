/** The Cholesky factor. */
import { cholesky as choleskyDense } from "../dense/cholesky.js";
import { mapMatrices } from "../dense/matrices.js";
import { at } from "../fault.js";
import type { Builder } from "../builder.js";
import type { DimId, ValueId } from "../types.js";
import type { OpDefinition } from "./definition.js";
import { defaults, realTypes, requireOperands } from "./definition.js";
import {
  matricesListed,
  matrixOperand,
  matrixTolerance,
  requireMatrix,
  requireSquare,
  symmetricPart,
} from "./matrix.js";

/** The lower triangle with half of the diagonal. */
function lower(b: Builder, x: ValueId, rows: DimId, columns: DimId, diagonal: number): ValueId {
  const [i, j] = [b.iota(rows), b.iota(columns)];
  const zero = b.number(0, x);
  const onDiagonal = b.select(b.eq(i, j), b.mul(b.number(diagonal, x), x), zero);
  return b.select(b.gt(i, j), x, onDiagonal);
}

export const cholesky: OpDefinition<"cholesky"> = {
  ...defaults,
  name: "cholesky",
  doc: "L, lower triangular over the same two dims, with L L' the symmetric part of the operand; NaN everywhere where that is not positive definite.",
  dtypes: realTypes,
  unspecified: ["matrices that are singular to rounding but not exactly"],
  infer(operands, attributes, sizes) {
    requireOperands("cholesky", operands, 1);
    const x = at(operands, 0);
    requireMatrix("cholesky", x, attributes);
    requireSquare("cholesky", attributes, sizes);
    return x;
  },
  evaluate(operands, node, { sizes }) {
    const { rows, columns } = node.attributes;
    return mapMatrices(operands, [[rows, columns]], node.type.dims, [rows, columns], sizes, ([a]) => {
      if (a === undefined) return [];
      choleskyDense(a, sizes.size(rows));
      return a;
    });
  },
  // The symmetric part of S = L^-T Φ(L' t) L^-1, where Φ takes the lower triangle and half of the diagonal (Murray, 2016).
  reverse(b, node, t) {
    const { rows, columns } = node.attributes;
    const l = node.id;
    const size = b.size(rows);
    const [k, a] = [b.dim(b.dimName(columns), size), b.dim(b.dimName(rows), size)];
    const given = b.relabel(lower(b, t, rows, columns, 1), [columns], [k]);
    const phi = lower(b, b.contract([l, given], [rows]), columns, k, 0.5);
    const y = b.apply("solve", [l, phi], { rows: columns, columns: rows });
    const turned = b.relabel(l, [rows, columns], [a, k]);
    const s = b.apply("solve", [turned, y], { rows: k, columns: a });
    return [symmetricPart(b, b.relabel(s, [a], [columns]), node.attributes)];
  },
  // L Φ(L^-1 D L^-T), where D is the symmetric part of the tangent.
  forward(b, node, [t]) {
    if (t === null || t === undefined) return null;
    const { rows, columns } = node.attributes;
    const l = node.id;
    const size = b.size(rows);
    const [k, a] = [b.dim(b.dimName(rows), size), b.dim(b.dimName(columns), size)];
    const d = symmetricPart(b, b.spread(t, at(node.operands, 0)), node.attributes);
    const m = b.apply("solve", [l, b.relabel(d, [columns], [k])], { rows, columns });
    const turned = b.relabel(l, [rows, columns], [k, a]);
    const n = b.apply("solve", [turned, m], { rows: k, columns: a });
    return b.relabel(b.contract([l, lower(b, n, columns, a, 0.5)], [columns]), [a], [columns]);
  },
  sample(s) {
    const n = s.dim(s.int(1, 5));
    const attributes = { rows: n, columns: s.dim(s.size(n)) };
    const dims = [...s.dims(0, 1), attributes.rows, attributes.columns];
    const operand = matrixOperand(s, dims, attributes, (i, j) => s.real(-0.7, 0.7) + (i === j ? 3 : 0));
    return { operands: [operand], attributes, declared: null };
  },
  edges(s) {
    const matrices = [
      [
        [4, 2],
        [2, 10],
      ],
      [
        [4, 0],
        [4, 10],
      ],
      [
        [1, 2],
        [2, 1],
      ],
      [
        [0, 0],
        [0, 1],
      ],
      [
        [1, NaN],
        [NaN, 1],
      ],
    ];
    const { operand, dims } = matricesListed(s, matrices);
    return [{ operands: [operand], attributes: dims, declared: null }];
  },
  tolerance: matrixTolerance,
};
