/** Eigenvalues and eigenvectors of symmetric matrices. */
import type { Builder } from "../builder.js";
import { eigh as eighDense } from "../dense/eigh.js";
import { mapMatrices } from "../dense/matrices.js";
import { at } from "../fault.js";
import type { Sampler } from "../sampler.js";
import type { DimId, NodeOf, ValueId } from "../types.js";
import type { OpDefinition } from "./definition.js";
import { defaults, realTypes, require, requireOperands } from "./definition.js";
import {
  aboveRounding,
  matricesListed,
  matrixOperand,
  matrixTolerance,
  requireMatrix,
  requireSquare,
  strongQuotient,
  symmetricPart,
} from "./matrix.js";

/** What is packed along `parts`: a value, then a vector. */
interface Parts {
  readonly values: ValueId;
  /** Over `to` and `along`. */
  readonly vectors: ValueId;
}

/** Entry 0 along `parts`, and the others under the label of the vectors' entries. */
export function eigenParts(b: Builder, packed: ValueId, parts: DimId, along: DimId): Parts {
  return { values: partAt(b, packed, parts, 0), vectors: b.slice(packed, parts, along, 1) };
}

/** One entry along a dim. */
export function partAt(b: Builder, x: ValueId, parts: DimId, position: number): ValueId {
  const one = b.dim("part", 1);
  return b.reduceSum(b.slice(x, parts, one, position), [one]);
}

/** The reverse of `partAt`: a value at one place of a dim, zeros elsewhere. */
export function placed(b: Builder, x: ValueId, parts: DimId, position: number): ValueId {
  const here = b.eq(b.iota(parts), b.constant(position, "i32"));
  return b.select(here, x, b.number(0, x));
}

/** v' D w for all pairs of vectors: over `to` and its copy. */
function between(b: Builder, node: NodeOf<"eigh">, d: ValueId, vectors: ValueId, copy: DimId): ValueId {
  const { rows, columns, to } = node.attributes;
  const other = b.relabel(vectors, [rows, to], [columns, copy]);
  return b.contract([b.contract([vectors, d], [rows]), other], [columns]);
}

export const eigh: OpDefinition<"eigh"> = {
  ...defaults,
  name: "eigh",
  doc: "Of the symmetric part over two dims: along `to` in descending order, along `parts` the eigenvalue and its unit vector, whose largest entry is positive. NaN where an entry is not finite.",
  dtypes: realTypes,
  unspecified: [
    "which vectors span the space of equal eigenvalues",
    "the sign of a vector whose largest entries differ in size by a thousandth",
  ],
  infer(operands, attributes, sizes) {
    requireOperands("eigh", operands, 1);
    const x = at(operands, 0);
    const { rows, to, parts } = attributes;
    const batch = requireMatrix("eigh", x, attributes);
    requireSquare("eigh", attributes, sizes);
    require(sizes.size(to) === sizes.size(rows), "eigh", "needs as many values as rows");
    require(sizes.size(parts) === sizes.size(rows) + 1, "eigh", "packs a value and a vector");
    require(to !== parts && !x.dims.includes(to) && !x.dims.includes(parts), "eigh", "an operand has a new dim");
    return { dtype: x.dtype, dims: [...batch, to, parts] };
  },
  evaluate(operands, node, { sizes }) {
    const { rows, columns, to, parts } = node.attributes;
    const make = ([a]: readonly Float64Array[]) => eighDense(a ?? new Float64Array(0), sizes.size(rows));
    return mapMatrices(operands, [[rows, columns]], node.type.dims, [to, parts], sizes, make);
  },
  // Σ_k tλ_k v_k v_k' + Σ_{k≠l} (v_k · tv_l) / (λ_l - λ_k) v_k v_l', symmetric; where a numerator is 0, so is its term.
  reverse(b, node, t) {
    const { rows, columns, to, parts } = node.attributes;
    const copy = b.copyOf(to);
    const { values, vectors } = eigenParts(b, node.id, parts, rows);
    const given = eigenParts(b, t, parts, rows);
    const overlap = b.contract([vectors, b.relabel(given.vectors, [to], [copy])], [rows]);
    const gap = gapsOf(b, values, to, copy);
    const same = b.eq(b.iota(to), b.iota(copy));
    const weights = b.select(same, given.values, quotientOff(b, overlap, gap, same));
    const other = b.relabel(vectors, [rows, to], [columns, copy]);
    const total = b.contract([b.contract([vectors, weights], [to]), other], [copy]);
    return [symmetricPart(b, total, node.attributes)];
  },
  // dλ_k = v_k' D v_k; dv_l = Σ_{k≠l} v_k (v_k' D v_l) / (λ_l - λ_k).
  forward(b, node, [t]) {
    if (t === null || t === undefined) return null;
    const { rows, to, parts } = node.attributes;
    const copy = b.copyOf(to);
    const { values, vectors } = eigenParts(b, node.id, parts, rows);
    const d = symmetricPart(b, b.spread(t, at(node.operands, 0)), node.attributes);
    const turned = between(b, node, d, vectors, copy);
    const gap = gapsOf(b, values, to, copy);
    const same = b.eq(b.iota(to), b.iota(copy));
    const own = b.diagonal(turned, to, copy);
    const moved = b.contract([vectors, quotientOff(b, turned, gap, same)], [to]);
    const vectorTangent = b.pad(b.relabel(moved, [copy], [to]), rows, parts, 1);
    return b.add(placed(b, own, parts, 0), vectorTangent);
  },
  sample(s) {
    const n = s.dim(s.int(1, 5));
    const attributes = { rows: n, columns: s.dim(s.size(n)), to: s.dim(s.size(n)), parts: s.dim(s.size(n) + 1) };
    const dims = [...s.dims(0, 1), attributes.rows, attributes.columns];
    const operand = matrixOperand(s, dims, attributes, (i, j) => s.real(-0.2, 0.2) + spectrum(s, i, j));
    return { operands: [operand], attributes, declared: null };
  },
  edges(s) {
    const matrices = [
      [
        [2, 1],
        [1, 2],
      ],
      [
        [0, 0],
        [0, 0],
      ],
      [
        [1e-20, 0],
        [0, 1e20],
      ],
      [
        [1, NaN],
        [NaN, 1],
      ],
      [
        [1, 4],
        [0, -1],
      ],
    ];
    const { operand, dims } = matricesListed(s, matrices);
    return [{ operands: [operand], attributes: { ...dims, to: s.dim(2), parts: s.dim(3) }, declared: null }];
  },
  tolerance: matrixTolerance,
};

/** Far apart: 1, -2, 3, … in the diagonal. */
function spectrum(_s: Sampler, i: number, j: number): number {
  return i === j ? (i + 1) * (i % 2 === 0 ? 1 : -1) * 1.5 : 0;
}

/** λ_l - λ_k over (k, l), exactly 0 where it is 0 to rounding: vectors of such values are any basis of their space. */
function gapsOf(b: Builder, values: ValueId, to: DimId, copy: DimId): ValueId {
  const gap = b.sub(b.relabel(values, [to], [copy]), values);
  return aboveRounding(b, gap, b.reduceMax(b.abs(values), [to]), b.size(to));
}

function quotientOff(b: Builder, numerator: ValueId, gap: ValueId, same: ValueId): ValueId {
  const zero = b.number(0, numerator);
  return strongQuotient(b, b.select(same, zero, numerator), gap);
}
