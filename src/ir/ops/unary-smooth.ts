/** Smooth functions of one real, with the derivative beside the value. */
import { between } from "../sampler.js";
import { erf as erfOf, sigmoid as sigmoidOf, softplus as softplusOf } from "../special.js";
import { unary } from "./elementwise.js";

const special = [0, NaN, Infinity, -Infinity];

export const exp = unary({
  name: "exp",
  doc: "e^x.",
  f: Math.exp,
  chain: (b, t, _x, y) => b.mul(t, y),
  domain: between(-3, 3),
  edges: [...special, 1, 200, -200],
});

export const expm1 = unary({
  name: "expm1",
  doc: "e^x - 1, exact to rounding near 0.",
  f: Math.expm1,
  chain: (b, t, x) => b.mul(t, b.exp(x)),
  domain: between(-3, 3),
  edges: [...special, 1e-6, -1e-6, 200, -200],
});

export const log = unary({
  name: "log",
  doc: "The natural logarithm.",
  f: Math.log,
  chain: (b, t, x) => b.div(t, x),
  domain: between(0.2, 4),
  edges: [...special, 1, 1e-30, 1e30, -1],
});

export const log1p = unary({
  name: "log1p",
  doc: "log(1 + x), exact to rounding near 0.",
  f: Math.log1p,
  chain: (b, t, x) => b.div(t, b.add(b.number(1, x), x)),
  domain: between(-0.7, 3),
  edges: [...special, 1e-6, -1e-6, -1, -2],
});

export const sqrt = unary({
  name: "sqrt",
  doc: "The square root.",
  f: Math.sqrt,
  // 1 / (2 sqrt(x))
  chain: (b, t, _x, y) => b.div(b.mul(t, b.number(0.5, y)), y),
  domain: between(0.2, 4),
  edges: [...special, 1, 4, 1e30, -1],
});

export const sin = unary({
  name: "sin",
  doc: "The sine.",
  f: Math.sin,
  chain: (b, t, x) => b.mul(t, b.cos(x)),
  domain: between(-6, 6),
  edges: [0, NaN, Infinity, -Infinity, 1, -30],
});

export const cos = unary({
  name: "cos",
  doc: "The cosine.",
  f: Math.cos,
  chain: (b, t, x) => b.neg(b.mul(t, b.sin(x))),
  domain: between(-6, 6),
  edges: [0, NaN, Infinity, -Infinity, 1, -30],
});

export const tan = unary({
  name: "tan",
  doc: "The tangent.",
  f: Math.tan,
  // 1 + tan^2
  chain: (b, t, _x, y) => b.mul(t, b.add(b.number(1, y), b.powerInt(y, 2))),
  domain: between(-1.2, 1.2),
  edges: [0, NaN, Infinity, -Infinity, 1],
});

export const tanh = unary({
  name: "tanh",
  doc: "The hyperbolic tangent.",
  f: Math.tanh,
  // 1 - tanh^2
  chain: (b, t, _x, y) => b.mul(t, b.sub(b.number(1, y), b.powerInt(y, 2))),
  domain: between(-3, 3),
  edges: [...special, 1e-6, 30, -30],
});

export const sigmoid = unary({
  name: "sigmoid",
  doc: "1 / (1 + e^-x).",
  f: sigmoidOf,
  // s(x) s(-x), not s (1 - s): exact to rounding where s is close to 1.
  chain: (b, t, x, y) => b.mul(t, b.mul(y, b.sigmoid(b.neg(x)))),
  domain: between(-4, 4),
  edges: [...special, 20, -20, 60, -60],
});

export const softplus = unary({
  name: "softplus",
  doc: "log(1 + e^x), computed as max(x, 0) + log1p(e^-|x|).",
  f: softplusOf,
  chain: (b, t, x) => b.mul(t, b.sigmoid(x)),
  domain: between(-4, 4),
  edges: [...special, 20, -20, 60, -60],
});

export const erf = unary({
  name: "erf",
  doc: "The error function.",
  f: erfOf,
  // 2/sqrt(pi) e^-x²
  chain: (b, t, x) => b.mul(t, b.mul(b.number(2 / Math.sqrt(Math.PI), x), b.exp(b.neg(b.powerInt(x, 2))))),
  domain: between(-2, 2),
  edges: [...special, 1e-6, 3, -3, 6, -6],
});
