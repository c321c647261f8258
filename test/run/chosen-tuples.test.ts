/** States of chosen components, one entry after the other, and tuples of their parameters: against each arm alone. */
import { describe, expect, it } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { oracleRuns, planText } from "../support/oracle-runs.js";
import { agreesWithOracle } from "../support/spec-runs.js";

const pages = `use std.optimizers
optimizer slower(rate) { state mean_ = 0 * grad; mean_ <- 0.5 * mean_ + rate * grad; grad <- mean_ }
memory one(i: axis) {
  param W[i] = 1 + i
  param b = 0.5
  state s[i] ~ normal(0, 1)
  J[i, i'] = sin(i + 2 * i')
  out = b + sum(i) W[i] * s[i]
}
memory two(i: axis) {
  param W[i] = 2 - i
  param V[i] = 0.3
  param U[i] = 0.1
  state s[i] ~ normal(0, 1)
  J[i, i'] = cos(i - 3 * i')
  out = sum(i) W[i] * V[i] * s[i]
}`;
const spec = (head: string, memory: string): string => `${pages}
experiment x {
  precision f64
  ${head}
  sweep seed in 0..1
  axis i = 4
  ${memory}
  state ema = M
  state last_ = 0 * M
  memory A = M with ema
  loss = (M.out - 1)^2 + 0.1 * total((M - ema)^2)
  evolve relax {
    M.s[i] <- tanh(sum(i') M.J[i, i'] * M.s[i']) asynchronously over i
    for 3 steps
  }
  train fit {
    minimize loss over M
    using slower(rate: 0.5) | gd(lr: 0.01)
    ema <- 0.8 * ema + 0.2 * M
    last_ <- M
    for 4 steps
  }
  evolve more { M.s[i] <- M.s[i] / 2 + M.s[0] where i > 0 asynchronously over i in order; for 2 steps }
  measure m {
    s[i] = M.s[i]
    W[i] = M.W[i]
    e[i] = ema.W[i] - last_.W[i]
    a = A.out
    n = norm(ema) + 10 * size(M)
    there = loss with ema
    g = norm(grad(loss, M) - ema)
  }
}`;
const both = spec("sweep arm in {first, second}", "memory M = case arm { first: one(i), second: two(i) }");

const measured = (text: string): readonly (readonly number[])[] =>
  (oracleRuns(planText(text)).get("m") ?? []).flatMap(({ result }) => result.outputs.map((value) => [...value]));

describe("a component that is chosen", () => {
  it("has states that change one entry after the other, and tuples, like each arm alone", () => {
    const found = measured(both);
    const wanted = [...measured(spec("", "memory M = one(i)")), ...measured(spec("", "memory M = two(i)"))];
    expect(found.length).toBe(28);
    expect(found).toEqual(wanted);
  });

  it.each(Object.keys(enginesHere()))("agrees with the oracle on %s", async (engine) => {
    await agreesWithOracle(both, engine as "graph" | "portable", 1e-9);
  });
});
