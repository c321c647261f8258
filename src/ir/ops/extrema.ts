/** The larger and the smaller of two operands. */
import type { Builder } from "../builder.js";
import { at } from "../fault.js";
import { between } from "../sampler.js";
import type { DType, ValueId } from "../types.js";
import type { Contribution } from "./definition.js";
import { binary } from "./elementwise.js";

const edges: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 2],
  [2, 1],
  [Infinity, 1],
  [-Infinity, 1],
  [Infinity, -Infinity],
  [-3, -3],
];
const unspecified = ["NaN: the oracle passes it on, XLA on a CPU may swallow it", "which zero of 0 and -0"];

/** What is not taken counts as left out (a strong zero); at a tie both take half. */
function shares(b: Builder, t: ValueId, z: ValueId, x: ValueId, y: ValueId): readonly [Contribution, Contribution] {
  const halved = b.select(b.eq(x, y), b.mul(t, b.number(0.5, t)), t);
  return [
    { value: halved, mask: b.eq(x, z) },
    { value: halved, mask: b.eq(y, z) },
  ];
}

function tangent(
  b: Builder,
  z: ValueId,
  operands: readonly ValueId[],
  tangents: readonly (ValueId | null)[],
): ValueId | null {
  const x = at(operands, 0);
  const y = at(operands, 1);
  return b.sumOf(tangents.map((t, k) => (t === null ? null : b.masked(at(shares(b, t, z, x, y), k)))));
}

const lowest = (dtype: DType): number => (dtype === "i32" ? -(2 ** 31) : -Infinity);
const highest = (dtype: DType): number => (dtype === "i32" ? 2 ** 31 - 1 : Infinity);

export const max = binary({
  name: "max",
  doc: "The larger of x and y; at a tie they share the derivative equally.",
  f: (x, y) => Math.max(x, y),
  commutative: true,
  chain: (b, t, x, y, z) => shares(b, t, z, x, y),
  forward: (b, node, tangents) => tangent(b, node.id, node.operands, tangents),
  domains: [between(-2, 2), between(-2, 2)],
  edges,
  unspecified,
  neutral: lowest,
  ulps: 0,
});

export const min = binary({
  name: "min",
  doc: "The smaller of x and y; at a tie they share the derivative equally.",
  f: (x, y) => Math.min(x, y),
  commutative: true,
  chain: (b, t, x, y, z) => shares(b, t, z, x, y),
  forward: (b, node, tangents) => tangent(b, node.id, node.operands, tangents),
  domains: [between(-2, 2), between(-2, 2)],
  edges,
  unspecified,
  neutral: highest,
  ulps: 0,
});
