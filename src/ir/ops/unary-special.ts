/** The gamma function's logarithm with its derivative, and the inverse error function. */
import { digamma as digammaOf, logGamma } from "../../base/gamma.js";
import { trigamma } from "../compose/gamma.js";
import { erfInverse } from "../draws/elementary.js";
import { between } from "../sampler.js";
import { unary } from "./elementwise.js";

const special = [NaN, Infinity, -Infinity];

export const erfInv = unary({
  name: "erf_inv",
  doc: "The inverse of the error function; infinite at -1 and 1, NaN beyond.",
  f: (x) => (Math.abs(x) < 1 ? erfInverse(x) : Math.abs(x) === 1 ? x * Infinity : NaN),
  // sqrt(pi)/2 e^(y²)
  chain: (b, t, _x, y) => b.mul(t, b.mul(b.number(Math.sqrt(Math.PI) / 2, y), b.exp(b.powerInt(y, 2)))),
  domain: between(-0.9, 0.9),
  edges: [...special, 0, 1, -1, 2, -2, 1e-6, -1e-6, 0.999, -0.999],
  ulps: 16,
});

export const lgamma = unary({
  name: "lgamma",
  doc: "log |Γ(x)|; infinite at 0, -1, -2, … and at both infinities.",
  f: logGamma,
  chain: (b, t, x) => b.mul(t, b.digamma(x)),
  domain: (s) => (s.chance(0.7) ? s.real(0.1, 9) : s.int(-4, -1) + s.real(0.2, 0.8)),
  edges: [...special, 0, -1, -3, 1, 2, 3, 0.5, 1e-6, -0.5, 50, 1e6],
  ulps: 64,
});

export const digamma = unary({
  name: "digamma",
  doc: "The derivative of lgamma; NaN at 0, -1, -2, … and at -inf.",
  f: digammaOf,
  chain: (b, t, x) => b.mul(t, trigamma(b, x)),
  domain: (s) => (s.chance(0.7) ? s.real(0.2, 9) : s.int(-4, -1) + s.real(0.2, 0.8)),
  edges: [...special, 0, -1, -3, 1, 2, 0.5, 1e-3, -0.5, 50, 1e6],
  ulps: 64,
});
