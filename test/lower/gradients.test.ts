/** Derivatives of models that are written by hand in a spec, against central differences written in the same spec by `with`. */
import { describe, expect, test } from "vitest";
import { at } from "../../src/ir/fault.js";
import { oracleRuns, outputOf, planText } from "../support/oracle-runs.js";

const header = `
  precision f64
  axis item = 4
  axis input = 3
  axis hidden = 5
  axis out = 2
  x[item, input] ~ normal(0, 1)
  y[item, out] ~ normal(0, 1)
  label[item] = mod(position(item), 2)
`;

/** A loss over W[input, hidden] and V[hidden, out]. */
const models: Readonly<Record<string, string>> = {
  "two layers with a quadratic loss": `
    h[item, hidden] = tanh(sum(input) x[item, input] * W[input, hidden])
    z[item, out] = sum(hidden) h[item, hidden] * V[hidden, out]
    loss = 0.5 * mean(item) (sum(out) (z[item, out] - y[item, out])^2)`,
  "a layer norm": `
    a[item, hidden] = sum(input) x[item, input] * W[input, hidden]
    centre[item] = mean(hidden) a[item, hidden]
    spread[item] = var(hidden) a[item, hidden]
    h[item, hidden] = (a[item, hidden] - centre[item]) / sqrt(spread[item] + 1e-5)
    z[item, out] = sum(hidden) h[item, hidden] * V[hidden, out]
    loss = mean(item) cross_entropy(out) z[item, out] at label[item]`,
  "a softmax of a softmax": `
    a[item, hidden] = sum(input) x[item, input] * W[input, hidden]
    b[item, hidden] = softmax(hidden) a[item, hidden]
    z[item, out] = softmax(out) (3 * sum(hidden) b[item, hidden] * V[hidden, out])
    loss = -mean(item) log(sum(out where out == label[item]) z[item, out])`,
  "soft labels, masks and branches": `
    a[item, hidden] = sum(input) x[item, input] * W[input, hidden]
    h[item, hidden] = if a[item, hidden] > 0 then sqrt(1 + a[item, hidden]) else exp(a[item, hidden]) - 1
    z[item, out] = sum(hidden where hidden != item) h[item, hidden] * V[hidden, out]
    target[item, out] = softmax(out) y[item, out]
    loss = mean(item) cross_entropy(out) z[item, out] at target[item, out]`,
};

describe("the derivative of a model written by hand is its central difference", () => {
  for (const [name, model] of Object.entries(models)) {
    test(name, () => {
      const plan = planText(`
experiment e {${header}
  let step = 1e-5
  param W[input, hidden] ~ normal(0, 0.7)
  param V[hidden, out] ~ normal(0, 0.7)
  ${model}
  measure derivative {
    by_w[input, hidden] = grad(loss, W)[input, hidden]
    by_v[hidden, out] = grad(loss, V)[hidden, out]
    up_w[input', hidden'] = loss with W[input, hidden] = W[input, hidden] + (if input == input' and hidden == hidden' then step else 0)
    down_w[input', hidden'] = loss with W[input, hidden] = W[input, hidden] - (if input == input' and hidden == hidden' then step else 0)
    up_v[hidden', out'] = loss with V[hidden, out] = V[hidden, out] + (if hidden == hidden' and out == out' then step else 0)
    down_v[hidden', out'] = loss with V[hidden, out] = V[hidden, out] - (if hidden == hidden' and out == out' then step else 0)
  }
}`);
      const point = at(oracleRuns(plan).get("derivative") ?? [], 0);
      for (const parameter of ["w", "v"]) {
        const [exact, up, down] = [`by_${parameter}`, `up_${parameter}`, `down_${parameter}`].map((output) =>
          outputOf(plan, "derivative", output, point),
        );
        expect(Math.max(...(exact ?? []).map(Math.abs))).toBeGreaterThan(1e-3);
        exact?.forEach((value, k) => {
          expect(Math.abs(value - (at(up ?? [], k) - at(down ?? [], k)) / 2e-5)).toBeLessThan(1e-8);
        });
      }
    });
  }
});

test("a step of gradient descent is the gradient times the step size, for several parameters of any axes", () => {
  const plan = planText(`
optimizer descent(lr) for w[..] { w[..] <- w[..] - lr * grad[..] }
experiment e {${header}
  sweep eta in [0.1, 0.3]
  param W[input, hidden] ~ normal(0, 0.7)
  param V[hidden, out] ~ normal(0, 0.7)
  param scale = 1.5
  h[item, hidden] = tanh(scale * sum(input) x[item, input] * W[input, hidden])
  z[item, out] = sum(hidden) h[item, hidden] * V[hidden, out]
  loss = mean(item) (sum(out) (z[item, out] - y[item, out])^2)
  measure before { w[input, hidden] = W[input, hidden] - 0.3 * grad(loss, W)[input, hidden]; s = scale - 0.3 * grad(loss, scale) }
  train fit { minimize loss over (W, V, scale)
    using descent(lr: eta)
    for 1 steps
    record { W, scale, loss } }
}`);
  const runs = oracleRuns(plan);
  const before = at(runs.get("before") ?? [], 0);
  const fit = (runs.get("fit") ?? []).find((point) => point.coordinates.eta === 0.3);
  const [records] = fit?.result.groups ?? [];
  const w = at(at(records?.entries ?? [], 0), 1);
  outputOf(plan, "before", "w", before).forEach((value, k) => {
    expect(w[k]).toBeCloseTo(value, 12);
  });
  expect(at(at(records?.entries ?? [], 1), 1)[0]).toBeCloseTo(at(outputOf(plan, "before", "s", before), 0), 12);
});

test("an unswept parameter under a swept loss has its own gradient at each value of the sweep", () => {
  const plan = planText(`
use std.optimizers
experiment e { precision f64
  sweep a in [1, 10]
  param w = 1
  loss = a * w^2 / 2
  train fit { minimize loss over w
    using gd(lr: 0.05)
    for 1 steps
    record last { w } }
}`);
  const finals = (oracleRuns(plan).get("fit") ?? []).map((point) => at(at(point.result.carried, 0), 0));
  expect(finals).toEqual([1 - 0.05, 1 - 0.5]);
});

test("a gradient by a derived tensor cuts it, also where another tensor has the same value", () => {
  const plan = planText(`
experiment e { precision f64
  param w = 3
  u = 2 * w
  v = 2 * w
  both = u * v
  measure m { by_u = grad(both, u); by_w = grad(both, w); nested = grad(grad(both, w)^2, w) }
}`);
  const point = at(oracleRuns(plan).get("m") ?? [], 0);
  // both = u v = 4 w^2: by u it is v = 6, by w it is 8 w = 24; (8 w)^2 by w is 128 w = 384.
  expect(["by_u", "by_w", "nested"].map((name) => outputOf(plan, "m", name, point)[0])).toEqual([6, 24, 384]);
});

test("a derivative keeps the free indices of what it is taken of", () => {
  const plan = planText(`
experiment e { precision f64
  axis row = 2
  axis dim = 3
  param W[row, dim] ~ normal(0, 1)
  t[row] = sum(dim) W[row, dim]^2
  fn d(z) = grad(z^3, z)
  measure m {
    g[row, row', dim] = grad(t[row], W)[row', dim]
    expected[row, row', dim] = if row == row' then 2 * W[row, dim] else 0
    cubes[row, dim] = d(W[row, dim])
    by_hand[row, dim] = 3 * W[row, dim]^2
    hessian[dim, dim'] = grad(grad(t[0], W)[0, dim], W)[0, dim']
    twice[dim, dim'] = if dim == dim' then 2 else 0
  }
}`);
  const point = at(oracleRuns(plan).get("m") ?? [], 0);
  const all = (name: string): number[] => [...outputOf(plan, "m", name, point)];
  for (const [found, exact] of [
    ["g", "expected"],
    ["cubes", "by_hand"],
    ["hessian", "twice"],
  ] as const) {
    all(found).forEach((value, k) => {
      expect(value).toBeCloseTo(all(exact)[k] ?? NaN, 12);
    });
  }
});
