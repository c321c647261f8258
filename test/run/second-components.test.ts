/** `memory N = M`: another one like M; against the calls written again. */
import { describe, expect, it } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { at } from "../../src/ir/fault.js";
import { oracleRuns, planText } from "../support/oracle-runs.js";
import { agreesWithOracle } from "../support/spec-runs.js";

const spec = (memories: string): string => `use std.optimizers
memory net(i: axis, o: axis, gain = 1, mass[o] = [1, 2]) {
  param W[i, o] ~ normal(0, gain)
  xi[i] ~ rademacher()
  fn F(z) = z^2
  fn f(x[i])[o] = mass[o] * F(sum(i) W[i, o] * x[i]) + sum(i) xi[i]
}
experiment x {
  precision f64
  sweep seed in 0..1
  axis i = 3
  axis o = 2
  axis k = 4
  axis e = 2
  x[i] = i - 0.5
  y[k] = 1 - k
  c = 2.5
  ${memories}
  train fit { minimize sum(o) N.f(x)[o]^2 over N; using gd(lr: 0.01); for 3 steps }
  measure m {
    a[o] = M.f(x)[o]
    b[o] = N.f(x)[o] + N.twice(1)
    c_[o] = P.f(x)[o] + P.twice(2) + P.thrice(1)
    d[o] = Q.f(y)[o]
    e_[e, o] = S[e].f(x)[o]
    f[e, o] = T[e].f(x)[o]
    g = V.h(3)
    apart = norm(N.W) - norm(M.W)
  }
}`;
const short = spec(`memory M = net(i, o, gain: 0.5) { fn twice(z) = 2 * z * c }
  memory N = M
  memory P = M(gain: 2, fn F(z) = z + c, mass[o] = 3 + o) { fn thrice(z) = 3 * twice(z) }
  memory Q = P(k, o, W[k, o] = 0.1 * k + o)
  memory R[e] = M(gain: 1 / (e + 1))
  memory S = R
  memory T[e] = M(gain: e + 1)
  memory U { param w = 2; fn h(z) = w * z }
  memory V = U(param w = 5)`);
const long = spec(`memory M = net(i, o, gain: 0.5) { fn twice(z) = 2 * z * c }
  memory N = net(i, o, gain: 0.5) { fn twice(z) = 2 * z * c }
  memory P = net(i, o, gain: 2, fn F(z) = z + c, mass[o] = 3 + o) { fn twice(z) = 2 * z * c; fn thrice(z) = 6 * z * c }
  memory Q = net(k, o, fn F(z) = z + c, mass[o] = 3 + o, W[k, o] = 0.1 * k + o)
  memory S[e] = net(i, o, gain: 1 / (e + 1)) 
  memory T[e] = net(i, o, gain: e + 1)
  memory V { param w = 5; fn h(z) = w * z }`);

const measured = (text: string): readonly (readonly number[])[] =>
  (oracleRuns(planText(text)).get("m") ?? []).flatMap(({ result }) => result.outputs.map((value) => [...value]));

describe("a component made from another", () => {
  it("is what the call of the template makes under its name", () => {
    const [found, wanted] = [measured(short), measured(long)];
    expect(found).toEqual(wanted);
    expect(found.length).toBe(16);
    // It has draws and parameters of its own.
    expect(Math.abs(at(at(found, 7), 0))).toBeGreaterThan(1e-3);
  });

  it.each(Object.keys(enginesHere()))("agrees with the oracle on %s", async (engine) => {
    await agreesWithOracle(short, engine as "graph" | "portable", 1e-9);
  });
});
