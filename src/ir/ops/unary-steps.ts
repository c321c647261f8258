/** Functions of one operand that are linear or constant in pieces, tests and logic. */
import { awayFromSteps, awayFromZero, between } from "../sampler.js";
import { roundHalfToEven } from "../special.js";
import { numberTypes } from "./definition.js";
import { unary } from "./elementwise.js";

const special = [0, NaN, Infinity, -Infinity];
const steps = [...special, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 3, -3, 1e10];

export const neg = unary({
  name: "neg",
  doc: "The negative; ints wrap.",
  f: (x) => -x,
  chain: (b, t) => b.neg(t),
  domain: between(-2, 2),
  edges: [...special, 1, -7],
  dtypes: numberTypes,
  ulps: 0,
});

export const abs = unary({
  name: "abs",
  doc: "The absolute value, with derivative 0 at 0.",
  f: Math.abs,
  chain: (b, t, x) => b.mul(t, b.sign(x)),
  domain: awayFromZero(2),
  edges: [...special, 1, -7],
  dtypes: numberTypes,
  ulps: 0,
});

export const sign = unary({
  name: "sign",
  doc: "-1, 0 (at 0) or 1, with derivative 0.",
  f: Math.sign,
  chain: null,
  domain: awayFromZero(2),
  edges: [0, 1, -7, Infinity, -Infinity, 1e-30],
  dtypes: numberTypes,
  unspecified: ["the sign of NaN"],
  ulps: 0,
});

export const floor = unary({
  name: "floor",
  doc: "The largest integer not above x, with derivative 0.",
  f: Math.floor,
  chain: null,
  domain: awayFromSteps,
  edges: steps,
  ulps: 0,
});

export const ceil = unary({
  name: "ceil",
  doc: "The smallest integer not below x, with derivative 0.",
  f: Math.ceil,
  chain: null,
  domain: awayFromSteps,
  edges: steps,
  ulps: 0,
});

export const round = unary({
  name: "round",
  doc: "The nearest integer, halves to the even one, with derivative 0.",
  f: roundHalfToEven,
  chain: null,
  domain: awayFromSteps,
  edges: steps,
  ulps: 0,
});

export const not = unary({
  name: "not",
  doc: "The other truth value.",
  f: (x) => 1 - x,
  chain: null,
  domain: between(0, 1),
  edges: [0, 1],
  dtypes: ["bool"],
  ulps: 0,
});

export const isFinite = unary({
  name: "is_finite",
  doc: "Neither NaN nor infinite.",
  f: (x) => (Number.isFinite(x) ? 1 : 0),
  chain: null,
  domain: between(-2, 2),
  edges: [...special, 1, -7],
  result: "bool",
  ulps: 0,
});

export const stop = unary({
  name: "stop",
  doc: "The operand, with derivative 0.",
  f: (x) => x,
  chain: null,
  domain: between(-2, 2),
  edges: special,
  dtypes: ["f32", "f64", "i32", "bool"],
  ulps: 0,
});
