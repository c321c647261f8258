/** `M.loss with ema`: against the same with each parameter replaced by hand, and against the oracle. */
import { describe, expect, it } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { at } from "../../src/ir/fault.js";
import { faultsIn } from "../language/support.js";
import { oracleRuns, planText } from "../support/oracle-runs.js";
import { agreesWithOracle } from "../support/spec-runs.js";

const pages = `use std.optimizers
memory net(i: axis, o: axis, rate = 1) {
  param W[i, o] = sin(rate + i + 2 * o)
  param b[o] = 0.1 * o
  fn f(x[i])[o] = b[o] + sum(i) W[i, o] * x[i]
  size_ = sum(i, o) W[i, o]^2 + sum(o) b[o]^4
}`;
const spec = (phases: string, more = ""): string => `${pages}
experiment e {
  precision f64
  axis i = 3
  axis o = 2
  axis g = 3
  x[i] = i - 0.5
  memory M = net(i, o)
  memory N = net(i, o, rate: 0.3)
  state ema = M
  state slow = N
  loss = sum(o) (M.f(x)[o] - 1)^2 + 0.1 * M.size_
  both = loss * (1 + N.size_)
  ${more}
  train fit {
    minimize both over M, N
    using gd(lr: 0.01)
    ema <- 0.7 * ema + 0.3 * M
    slow <- 0.7 * slow + 0.3 * N
    for 4 steps
    record last { loss }
  }
  measure m { ${phases} }
}`;

const measured = (text: string): readonly (readonly number[])[] =>
  (oracleRuns(planText(text)).get("m") ?? []).flatMap(({ result }) => result.outputs.map((value) => [...value]));

const short = spec(
  `
  there = loss with ema
  ahead[g] = loss with (M - 0.1 * g * grad(loss, M))
  pair = both with (ema, slow)
  nested = (both with ema) with slow
  inside = (loss with 2 * ema) with M.b[o] = 3
  slope[i, o] = grad(loss with ema, ema.W)[i, o]
  back[i, o] = grad(loss with M^2, M.W)[i, o]
  other = N.size_ with M
  averaged = A.size_ with slow`,
  "memory A = M with ema",
);
const long = spec(`
  there = loss with M.W[i, o] = ema.W[i, o], M.b[o] = ema.b[o]
  ahead[g] = loss with M.W[i, o] = M.W[i, o] - 0.1 * g * grad(loss, M.W)[i, o], M.b[o] = M.b[o] - 0.1 * g * grad(loss, M.b)[o]
  pair = both with M.W[i, o] = ema.W[i, o], M.b[o] = ema.b[o], N.W[i, o] = slow.W[i, o], N.b[o] = slow.b[o]
  nested = both with M.W[i, o] = ema.W[i, o], M.b[o] = ema.b[o], N.W[i, o] = slow.W[i, o], N.b[o] = slow.b[o]
  inside = loss with M.W[i, o] = 2 * ema.W[i, o], M.b[o] = 2 * ema.b[o]
  slope[i, o] = grad((loss with M.W[i', o'] = ema.W[i', o'], M.b[o'] = ema.b[o']), ema.W)[i, o]
  back[i, o] = 2 * M.W[i, o] * (grad(loss, M.W)[i, o] with M.W[i', o'] = M.W[i', o']^2, M.b[o'] = M.b[o']^2)
  other = sum(i, o) M.W[i, o]^2 + sum(o) M.b[o]^4
  averaged = sum(i, o) slow.W[i, o]^2 + sum(o) slow.b[o]^4`);

describe("an expression with a tuple", () => {
  it("is the one with every parameter replaced", () => {
    const [found, wanted] = [measured(short), measured(long)];
    expect(found.length).toBe(9);
    found.forEach((values, k) => {
      values.forEach((value, entry) => {
        expect(value, `result ${k}`).toBeCloseTo(at(at(wanted, k), entry), 11);
      });
    });
    // What is replaced makes a difference.
    expect(at(at(found, 0), 0)).not.toBeCloseTo(at(at(found, 1), 0), 3);
    expect(at(at(found, 1), 0)).not.toBeCloseTo(at(at(found, 1), 1), 3);
  });

  it.each(Object.keys(enginesHere()))("agrees with the oracle on %s", async (engine) => {
    await agreesWithOracle(short, engine as "graph" | "portable", 1e-9);
  });

  it.each([
    ["y = x[0] with M", "AM2130 M"],
    ["y = loss with 2", "AM2130 2"],
    ["y = loss with nothing", "AM2001 nothing"],
    ["y = loss with (ema, M - ema)", "AM2130 M - ema"],
    ["y = (M.size_ + N.size_) with other", "AM2130 other"],
    ["y = M.size_ with odd", "AM2130 odd"],
  ])("%s", (statement, fault) => {
    const more = "memory other = net(i, o)\n memory odd = net(o, i)";
    expect(faultsIn(spec(statement, more))).toEqual([fault]);
  });
});
