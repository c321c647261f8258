/** Comparisons and logic of two operands; their derivative is 0. */
import { between } from "../sampler.js";
import type { DType } from "../types.js";
import { numberTypes } from "./definition.js";
import type { PlainOp } from "./elementwise.js";
import { binary } from "./elementwise.js";

const edges: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 2],
  [2, 1],
  [NaN, 1],
  [1, NaN],
  [NaN, NaN],
  [Infinity, Infinity],
  [Infinity, -Infinity],
];

function comparison<K extends PlainOp>(
  name: K,
  doc: string,
  holds: (x: number, y: number) => boolean,
  dtypes: readonly DType[],
  commutative: boolean,
) {
  return binary({
    name,
    doc: `${doc}; with NaN ${name === "ne" ? "true" : "false"}.`,
    f: (x, y) => (holds(x, y) ? 1 : 0),
    commutative,
    chain: null,
    domains: [between(-2, 2), between(-2, 2)],
    edges,
    dtypes,
    result: "bool",
    ulps: 0,
  });
}

const any: readonly DType[] = [...numberTypes, "bool"];

export const eq = comparison("eq", "Whether x = y", (x, y) => x === y, any, true);
export const ne = comparison("ne", "Whether x and y differ", (x, y) => x !== y, any, true);
export const lt = comparison("lt", "Whether x < y", (x, y) => x < y, numberTypes, false);
export const le = comparison("le", "Whether x <= y", (x, y) => x <= y, numberTypes, false);
export const gt = comparison("gt", "Whether x > y", (x, y) => x > y, numberTypes, false);
export const ge = comparison("ge", "Whether x >= y", (x, y) => x >= y, numberTypes, false);

const truths: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

export const and = binary({
  name: "and",
  doc: "Whether both are true.",
  f: (x, y) => Math.min(x, y),
  commutative: true,
  chain: null,
  domains: [between(0, 1), between(0, 1)],
  edges: truths,
  dtypes: ["bool"],
  neutral: () => 1,
  ulps: 0,
});

export const or = binary({
  name: "or",
  doc: "Whether one or both are true.",
  f: (x, y) => Math.max(x, y),
  commutative: true,
  chain: null,
  domains: [between(0, 1), between(0, 1)],
  edges: truths,
  dtypes: ["bool"],
  neutral: () => 0,
  ulps: 0,
});
