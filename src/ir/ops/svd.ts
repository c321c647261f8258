/** Singular values and vectors. */
import type { Builder } from "../builder.js";
import { mapMatrices } from "../dense/matrices.js";
import { svd as svdDense } from "../dense/svd.js";
import { at } from "../fault.js";
import type { Sampler } from "../sampler.js";
import type { NodeOf, ValueId } from "../types.js";
import type { DimSizes } from "../dims.js";
import type { OpDefinition } from "./definition.js";
import { defaults, realTypes, require, requireOperands } from "./definition.js";
import type { MatrixDims } from "./matrix.js";
import { matricesListed, matrixOperand, matrixTolerance, requireMatrix, strongQuotient } from "./matrix.js";
import { partAt, placed } from "./eigh.js";
import { SingularPairs, type Singular } from "./singular-pairs.js";

/** The singular values, and the vectors over `to` and the rows or columns. */
export function singularParts(
  b: Builder,
  packed: ValueId,
  { rows, columns }: MatrixDims,
  parts: number,
): { readonly values: ValueId; readonly left: ValueId; readonly right: ValueId } {
  return {
    values: partAt(b, packed, parts, 0),
    left: b.slice(packed, parts, rows, 1),
    right: b.slice(packed, parts, columns, 1 + b.size(rows)),
  };
}

function pairsOf(b: Builder, node: NodeOf<"svd">): SingularPairs {
  const { rows, columns, to, parts } = node.attributes;
  const of: Singular = { rows, columns, to, ...singularParts(b, node.id, node.attributes, parts) };
  return new SingularPairs(b, of);
}

function countOf({ rows, columns }: MatrixDims, sizes: DimSizes): number {
  return Math.min(sizes.size(rows), sizes.size(columns));
}

function sampled(s: Sampler) {
  const dims = { rows: s.dim(s.int(1, 5)), columns: s.dim(s.int(1, 5)) };
  const batch = s.dims(0, 1);
  const operand = matrixOperand(s, [...batch, dims.rows, dims.columns], dims, (i, j) =>
    i === j ? 1.5 * (i + 1) + s.real(-0.2, 0.2) : s.real(-0.2, 0.2),
  );
  return { dims, operand };
}

const edgeMatrices = [
  [
    [3, 0],
    [4, 0],
  ],
  [
    [0, 0],
    [0, 0],
  ],
  [
    [1, Infinity],
    [0, 1],
  ],
  [
    [1e-6, 0],
    [0, 1e6],
  ],
  [
    [0, -3],
    [2, 0],
  ],
];

export const svd: OpDefinition<"svd"> = {
  ...defaults,
  name: "svd",
  doc: "Of a matrix: along `to` in descending order, along `parts` the singular value, its left vector (whose largest entry is positive) and its right vector. NaN where an entry is not finite. Derivatives of vectors are infinite where values are equal to rounding, or 0, unless nothing depends on it.",
  dtypes: realTypes,
  unspecified: [
    "which vectors span the space of equal singular values, 0 among them",
    "the sign of a pair whose left vector's largest entries differ in size by a thousandth",
  ],
  infer(operands, attributes, sizes) {
    requireOperands("svd", operands, 1);
    const x = at(operands, 0);
    const { rows, columns, to, parts } = attributes;
    const batch = requireMatrix("svd", x, attributes);
    require(sizes.size(to) === countOf(attributes, sizes), "svd", "needs as many values as the matrix has");
    require(sizes.size(parts) === 1 + sizes.size(rows) + sizes.size(columns), "svd", "packs a value and two vectors");
    require(to !== parts && !x.dims.includes(to) && !x.dims.includes(parts), "svd", "an operand has a new dim");
    return { dtype: x.dtype, dims: [...batch, to, parts] };
  },
  evaluate(operands, node, { sizes }) {
    const { rows, columns, to, parts } = node.attributes;
    const make = ([a]: readonly Float64Array[]) =>
      svdDense(a ?? new Float64Array(0), sizes.size(rows), sizes.size(columns));
    return mapMatrices(operands, [[rows, columns]], node.type.dims, [to, parts], sizes, make);
  },
  // Turning: with A = U' tU and B = V' tV, ((A + B) - (A + B)') / (s_l - s_k) and ((A - B) - (A - B)') / (s_l + s_k), halved.
  reverse(b, node, t) {
    const { rows, columns, to, parts } = node.attributes;
    const pairs = pairsOf(b, node);
    const { values, left, right } = pairs.of;
    const given = singularParts(b, t, node.attributes, parts);
    const [a, c] = [pairs.products(left, given.left, rows), pairs.products(right, given.right, columns)];
    const alike = pairs.quotient(pairs.antisymmetric(b.add(a, c)), pairs.gap);
    const opposite = pairs.quotient(pairs.antisymmetric(b.sub(a, c)), pairs.sum);
    const inside = b.select(pairs.isSame, given.values, b.add(alike, opposite));
    const scale = pairs.cleaned(values);
    const outside = (x: ValueId, vectors: ValueId, along: number, others: ValueId): ValueId | null =>
      pairs.isWider(along)
        ? b.contract([strongQuotient(b, pairs.outside(x, vectors, along), scale), others], [to])
        : null;
    return [
      b.sumOf([
        pairs.combined(inside, left, right),
        outside(given.left, left, rows, right),
        outside(given.right, right, columns, left),
      ]),
    ];
  },
  forward(b, node, [t]) {
    if (t === null || t === undefined) return null;
    const { rows, columns, to, parts } = node.attributes;
    const pairs = pairsOf(b, node);
    const { values, left, right } = pairs.of;
    const d = b.spread(t, at(node.operands, 0));
    const inside = pairs.between(d);
    const alike = pairs.quotient(pairs.symmetric(inside), pairs.gap);
    const opposite = pairs.quotient(pairs.antisymmetric(inside), pairs.sum);
    const scale = pairs.cleaned(values);
    const moved = (vectors: ValueId, turning: ValueId, along: number, image: ValueId): ValueId => {
      const within = b.relabel(b.contract([vectors, turning], [to]), [pairs.copy], [to]);
      if (!pairs.isWider(along)) return within;
      return b.add(within, strongQuotient(b, pairs.outside(image, vectors, along), scale));
    };
    const movedLeft = moved(left, b.add(alike, opposite), rows, b.contract([d, right], [columns]));
    const movedRight = moved(right, b.sub(alike, opposite), columns, b.contract([d, left], [rows]));
    return b.add(
      placed(b, b.diagonal(inside, to, pairs.copy), parts, 0),
      b.add(b.pad(movedLeft, rows, parts, 1), b.pad(movedRight, columns, parts, 1 + b.size(rows))),
    );
  },
  sample(s) {
    const { dims, operand } = sampled(s);
    const parts = s.dim(1 + s.size(dims.rows) + s.size(dims.columns));
    return { operands: [operand], attributes: { ...dims, to: s.dim(countOf(dims, s)), parts }, declared: null };
  },
  edges(s) {
    // Vectors of the value 0 are open.
    const { operand, dims } = matricesListed(s, edgeMatrices.slice(2, 3).concat(edgeMatrices.slice(4)));
    return [{ operands: [operand], attributes: { ...dims, to: s.dim(2), parts: s.dim(5) }, declared: null }];
  },
  tolerance: matrixTolerance,
};

/** Σ over the values of u_k v_k' weighted: 0 where a value is 0, as the derivative of a norm at 0 is. */
function outer(b: Builder, node: NodeOf<"svd_values">): { readonly left: ValueId; readonly right: ValueId } {
  const { rows, columns, to } = node.attributes;
  const parts = b.dim("parts", 1 + b.size(rows) + b.size(columns));
  const packed = b.apply("svd", [at(node.operands, 0)], { rows, columns, to, parts });
  const { values, left, right } = singularParts(b, packed, node.attributes, parts);
  const zero = b.number(0, left);
  return { left: b.select(b.gt(values, zero), left, zero), right };
}

export const svdValues: OpDefinition<"svd_values"> = {
  ...defaults,
  name: "svd_values",
  doc: "The singular values of a matrix in descending order; NaN where an entry is not finite. The derivative of a value that is 0 is 0.",
  dtypes: realTypes,
  // Squares of what is that small vanish in the engines.
  unspecified: ["values below 1e-18 of the largest one (1e-150 in doubles) may be 0"],
  infer(operands, attributes, sizes) {
    requireOperands("svd_values", operands, 1);
    const x = at(operands, 0);
    const batch = requireMatrix("svd_values", x, attributes);
    require(sizes.size(attributes.to) ===
      countOf(attributes, sizes), "svd_values", "needs as many values as there are");
    require(!x.dims.includes(attributes.to), "svd_values", "an operand has the new dim");
    return { dtype: x.dtype, dims: [...batch, attributes.to] };
  },
  evaluate(operands, node, { sizes }) {
    const { rows, columns, to } = node.attributes;
    const row = 1 + sizes.size(rows) + sizes.size(columns);
    const make = ([a]: readonly Float64Array[]) =>
      svdDense(a ?? new Float64Array(0), sizes.size(rows), sizes.size(columns)).filter((_, k) => k % row === 0);
    return mapMatrices(operands, [[rows, columns]], node.type.dims, [to], sizes, make);
  },
  reverse(b, node, t) {
    const { left, right } = outer(b, node);
    return [b.contract([t, left, right], [node.attributes.to])];
  },
  forward(b, node, [t]) {
    if (t === null || t === undefined) return null;
    const { rows, columns } = node.attributes;
    const { left, right } = outer(b, node);
    return b.contract([b.spread(t, at(node.operands, 0)), left, right], [rows, columns]);
  },
  sample(s) {
    const { dims, operand } = sampled(s);
    return { operands: [operand], attributes: { ...dims, to: s.dim(countOf(dims, s)) }, declared: null };
  },
  edges(s) {
    const { operand, dims } = matricesListed(s, edgeMatrices);
    return [{ operands: [operand], attributes: { ...dims, to: s.dim(2) }, declared: null }];
  },
  tolerance: matrixTolerance,
};
