/** Gamma and Poisson draws whose parameters are constants, tensors, or change from step to step. */
import { describe, expect, test } from "vitest";
import { at } from "../../src/ir/fault.js";
import { oracleRuns, planText } from "../support/oracle-runs.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";

const measured = (precision: string): string => `
experiment e {
  ${precision}
  sweep seed in 0..1
  sweep a in [0.4, 3]
  axis item = 40
  axis kind = 3
  shape[kind] = 0.3 + kind
  rate[kind] = 2 * kind^4
  x[item] ~ gamma(a, 2)
  y[kind, item] ~ gamma(shape[kind], item + 1)
  n[item] ~ poisson(100 * a)
  m[kind, item] ~ poisson(rate[kind])
  measure before { x1[item] = x[item]; y1[kind, item] = y[kind, item]; n1[item] = n[item]; m1[kind, item] = m[kind, item] }
  evolve inside {
    state s = 1
    draw g[kind, item] ~ gamma(s * shape[kind], 1)
    draw h[item] ~ gamma(a, 1)
    draw c[item] ~ poisson(s * a)
    draw d[kind, item] ~ poisson(rate[kind]) every 2 steps
    s <- s + 0.5
    for 3 steps
    record { g[kind, item]; h[item]; c[item]; d[kind, item] }
  }
}`;
describe.each(["portable", "graph"] as const)("%s", (engine) => {
  test("agrees with the oracle in single precision", () => agreesWithOracle(measured(""), engine, 3e-5));
  test("agrees with the oracle in double precision", () => agreesWithOracle(measured("precision f64"), engine, 1e-9));
});

const n = 4000;
/** Means and variances of what is made by the program. */
const moments = `
experiment e {
  axis item = ${n}
  axis kind = 4
  shape[kind] = rising(kind)
  rate[kind] = 0.01 + 4 * kind^4
  g[kind, item] ~ gamma(shape[kind], 0.5)
  c[kind, item] ~ poisson(rate[kind])
  measure m {
    gm[kind] = mean(item) g[kind, item]
    gv[kind] = var(item) g[kind, item]
    cm[kind] = mean(item) c[kind, item]
    cv[kind] = var(item) c[kind, item]
    values[kind, item] = g[kind, item]
  }
}
fn rising(k) = 0.1 + k^3`;

test.each(["portable", "graph"] as const)(
  "moments and distances on %s are those of the distributions",
  async (engine) => {
    await runText(moments, engine, (results) => {
      const cell = (name: string): Float64Array => Float64Array.from(results.cells("m", name)?.values ?? []);
      for (let k = 0; k < 4; k++) {
        const shape = 0.1 + k ** 3;
        const near = (found: number, expected: number, variance: number): void => {
          expect(Math.abs(found - expected)).toBeLessThan(3.3 * Math.sqrt(variance / n));
        };
        near(at(cell("gm"), k), shape / 2, shape / 4);
        near(at(cell("gv"), k), shape / 4, (2 * shape ** 2 + 6 * shape) / 16);
        const rate = 0.01 + 4 * k ** 4;
        near(at(cell("cm"), k), rate, rate);
        near(at(cell("cv"), k), rate, rate + 2 * rate ** 2);
      }
      // Shape 1.1 lies near the exponential distribution, whose distance is known: Kolmogorov-Smirnov against the next draw.
      const values = cell("values").subarray(n, 2 * n);
      const [first, second] = [values.slice(0, n / 2).sort(), values.slice(n / 2).sort()];
      let [gap, j] = [0, 0];
      first.forEach((x, i) => {
        while (j < second.length && at(second, j) <= x) j++;
        gap = Math.max(gap, Math.abs((i + 1) / first.length - j / second.length));
      });
      expect(gap).toBeLessThan(1.63 * Math.sqrt(4 / n));
    });
  },
);

test.each([
  ["x[item] ~ gamma(a - 1, 1)", "the shape of `x`, a gamma draw, is not above 0"],
  ["x[item] ~ gamma(1, a - 2)", "the scale of `x`, a gamma draw, is negative"],
  ["x[item] ~ gamma(a - 1 + 0 * item, 1)", "the shape of `x`, a gamma draw, is not above 0"],
  ["x[item] ~ poisson(a - 2)", "the mean of `x`, a Poisson draw, is not 0 or more"],
  ["x[item] ~ poisson(a * 2e9)", "the mean of `x`, a Poisson draw, is above 1000000000"],
  ["x[item] ~ poisson(a * 401 + item)", "the mean of `x`, a Poisson draw, is above 400"],
])("%s ends its point", (line, message) => {
  const plan = planText(
    `experiment e { sweep a in [1, 1.5]\n axis item = 2\n ${line}\n measure m { y = sum(item) x[item] } }`,
  );
  const { result } = at(oracleRuns(plan).get("m") ?? [], 0);
  const { program } = at(at(plan.phases, 0).programs, 0);
  expect(at(program.checks, result.failed).message).toContain(message);
});
