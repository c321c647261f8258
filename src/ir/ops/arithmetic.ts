/** Arithmetic on two operands that broadcast by label. */
import { awayFromZero, between } from "../sampler.js";
import { flooredMod } from "../special.js";
import type { Builder } from "../builder.js";
import { at } from "../fault.js";
import type { DType, NodeOf, ValueId } from "../types.js";
import type { Contribution, OpDefinition } from "./definition.js";
import { realTypes } from "./definition.js";
import { binary } from "./elementwise.js";
import { guarded, written } from "./strong-zero.js";

/** i32 arithmetic wraps; it is exact in doubles but for the products. */
const wrap = (dtype: DType, value: number): number => (dtype === "i32" ? value | 0 : value);

const pairs: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 0],
  [Infinity, 1],
  [Infinity, Infinity],
  [Infinity, -Infinity],
  [NaN, 1],
  [1, NaN],
  [3, -4],
];
const overflow = [2_000_000_000, 2_000_000_000] as const;

export const add = binary({
  name: "add",
  doc: "x + y; ints wrap.",
  f: (x, y, dtype) => wrap(dtype, x + y),
  commutative: true,
  chain: (_b, t) => [t, t],
  domains: [between(-2, 2), between(-2, 2)],
  edges: [...pairs, overflow],
  neutral: () => 0,
});

export const sub = binary({
  name: "sub",
  doc: "x - y; ints wrap.",
  f: (x, y, dtype) => wrap(dtype, x - y),
  chain: (b, t) => [t, b.neg(t)],
  domains: [between(-2, 2), between(-2, 2)],
  edges: [...pairs, [-2_000_000_000, 2_000_000_000]],
});

/**
 * Where an operand was broadcast its part will be summed: then the zeros are written into the factors, not around the product, so that the sum
 * of products stays one.
 */
function partOfProduct(b: Builder, node: NodeOf<"mul">, t: ValueId, mask: ValueId | null, k: number): Contribution {
  const own = at(node.operands, k);
  const other = at(node.operands, 1 - k);
  const summed = node.type.dims.length > b.dimsOf(own).length;
  if (mask === null || !summed) return b.mul(t, other);
  return { value: b.mul(written(b, t, mask), guarded(b, other)), mask: null, exact: true };
}

export const mul: OpDefinition<"mul"> = {
  ...binary({
    name: "mul",
    doc: "x y; ints wrap.",
    f: (x, y, dtype) => (dtype === "i32" ? Math.imul(x, y) : x * y),
    commutative: true,
    chain: (b, t, x, y) => [b.mul(t, y), b.mul(t, x)],
    domains: [between(-2, 2), between(-2, 2)],
    edges: [...pairs, [Infinity, 0], overflow, [1e30, 1e30]],
    neutral: () => 1,
  }),
  reverse(b, node, t, mask) {
    if (node.type.dtype === "i32") return [null, null];
    return [0, 1].map((k) => partOfProduct(b, node, t, mask, k));
  },
};

export const div = binary({
  name: "div",
  doc: "x / y of reals, rounded once.",
  // 1: graphs multiplied by the reciprocals of constants.
  semantics: 2,
  f: (x, y) => x / y,
  // z = x / y: dz = dx / y - z dy / y
  chain: (b, t, _x, y, z) => [b.div(t, y), b.neg(b.div(b.mul(t, z), y))],
  domains: [between(-2, 2), awayFromZero(2)],
  edges: [...pairs, [-1, 0], [1, Infinity], [0, Infinity], [1e30, 1e-30]],
  dtypes: realTypes,
});

export const pow = binary({
  name: "pow",
  doc: "x^y of reals; 0^0 = 1, NaN for x < 0 unless y is an integer.",
  f: (x, y) => x ** y,
  // d/dx = y x^(y-1), 0 where y = 0; d/dy = z log x, where x = 0 counts as z log 1 = 0 (its limit for y > 0)
  chain: (b, t, x, y, z) => {
    const one = b.number(1, x);
    const slope = b.mul(y, b.pow(x, b.sub(y, one)));
    const base = b.select(b.eq(x, b.number(0, x)), one, x);
    return [{ value: b.mul(t, slope), mask: b.ne(y, b.number(0, y)) }, b.mul(t, b.mul(z, b.log(base)))];
  },
  domains: [between(0.2, 2), between(-3, 3)],
  edges: [
    [0, 0],
    [0, 2],
    [0, -2],
    [2, -3],
    [-2, 3],
    [-2, 2],
    [-2, 0.5],
    [NaN, 2],
    [2, NaN],
    [4, 0.5],
    [Infinity, 2],
    [1e30, 3],
  ],
  dtypes: realTypes,
  unspecified: ["infinite exponents", "1^NaN and NaN^0", "the sign of a power of -0 or -infinity"],
  ulps: 64,
});

export const atan2 = binary({
  name: "atan2",
  doc: "The angle of the point (y, x): the first operand is the ordinate.",
  f: Math.atan2,
  // d = (x dy - y dx) / (x² + y²)
  chain: (b, t, y, x) => {
    const scaled = b.div(t, b.add(b.powerInt(x, 2), b.powerInt(y, 2)));
    return [b.mul(scaled, x), b.neg(b.mul(scaled, y))];
  },
  domains: [awayFromZero(2), awayFromZero(2)],
  edges: [
    [0, 1],
    [1, 0],
    [-1, 0],
    [1, 1],
    [-1, -1],
    [NaN, 1],
    [1, NaN],
    [1, Infinity],
  ],
  dtypes: realTypes,
  unspecified: ["zeros on the negative half axis with their sign", "two infinities"],
});

const divisions: readonly (readonly [number, number])[] = [
  [7, 3],
  [-7, 3],
  [7, -3],
  [-7, -3],
  [6, 3],
  [-6, 3],
  [0, 5],
  [5.5, 2],
  [-5.5, 2],
  [NaN, 2],
  [2, NaN],
];

export const mod = binary({
  name: "mod",
  doc: "The remainder of the floored division; it has the divisor's sign.",
  f: (x, y, dtype) => (dtype === "i32" && y === 0 ? 0 : flooredMod(x, y)),
  // x - y floor(x / y)
  chain: (b, t, x, y) => [t, b.neg(b.mul(t, b.floorDiv(x, y)))],
  domains: [awayFromZero(6), (s) => s.pick([0.75, 1.25, 2.25, -1.25, 3.25])],
  edges: divisions,
  unspecified: ["a zero divisor", "infinite operands", "a remainder within rounding of 0 or the divisor"],
});

export const floorDiv = binary({
  name: "floor_div",
  doc: "floor(x / y), with derivative 0.",
  f: (x, y, dtype) => (dtype === "i32" && y === 0 ? 0 : wrap(dtype, Math.floor(x / y))),
  chain: null,
  domains: [awayFromZero(6), (s) => s.pick([0.75, 1.25, 2.25, -1.25, 3.25])],
  edges: divisions,
  unspecified: ["a zero divisor", "infinite operands", "a quotient within rounding of an integer"],
  ulps: 0,
});
