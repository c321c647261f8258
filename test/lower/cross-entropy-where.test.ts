/** `where` in `cross_entropy`: the classes that there are, in values and gradients, in the oracle and both engines. */
import { expect, test } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { measured } from "../support/measured.js";

const text = `experiment e {
  precision f64
  axis b = 2
  axis i = 4
  axis single = 1
  z[b, i] = [[1.0, 3, -2, 40], [0.5, 0, 2, -1]]
  isThere[b, i] = if i < 3 - b then 1 else 0
  param x[b, i] = z[b, i]
  t[i] = [0.25, 0.75, 0, 0]
  at_one[b]  = cross_entropy(i where isThere[b, i] > 0) x[b, i] at 1
  soft[b]    = cross_entropy(i where isThere[b, i] > 0) x[b, i] at t[i]
  total      = sum(b) (at_one[b] + 3 * soft[b])
  measure m {
    one[b]      = at_one[b]
    other[b]    = soft[b]
    slope[b, i] = grad(total, x)[b, i]
    beside      = if (cross_entropy(i where i != 1) x[0, i] at 1) == inf then 1 else 0
    beside_soft = if (cross_entropy(i where i != 1) x[0, i] at t[i]) == inf then 1 else 0
    none        = if (cross_entropy(i where i > 7) x[0, i] at 1) < inf then 1 else 0
    none_soft   = if (cross_entropy(i where i > 7) x[0, i] at t[i]) < inf then 1 else 0
    only        = cross_entropy(i where i == 1) x[0, i] at 1
    lone        = cross_entropy(single where single == 0) (x[0, 0] + single) at 0
    lone_none   = if (cross_entropy(single where single > 0) (x[0, 0] + single) at 0) < inf then 1 else 0
  }
}`;

test("classes that are left out do not count, and a target among them is infinitely far", () => {
  const { values, faults } = measured(text, enginesHere());
  expect(faults).toEqual([]);
  const logits = [
    [1, 3, -2],
    [0.5, 0],
  ];
  const t = [0.25, 0.75, 0];
  const slope = Array.from({ length: 8 }, () => 0);
  logits.forEach((z, b) => {
    const total = z.reduce((sum, entry) => sum + Math.exp(entry), 0);
    const costs = z.map((entry) => Math.log(total) - entry);
    expect(values.one?.[b]).toBeCloseTo(costs[1] ?? 0, 12);
    expect(values.other?.[b]).toBeCloseTo(
      costs.reduce((sum, cost, i) => sum + (t[i] ?? 0) * cost, 0),
      12,
    );
    z.forEach((entry, i) => {
      slope[4 * b + i] = (4 * Math.exp(entry)) / total - (i === 1 ? 1 : 0) - 3 * (t[i] ?? 0);
    });
  });
  slope.forEach((entry, k) => {
    expect(values.slope?.[k]).toBeCloseTo(entry, 12);
  });
  const { beside, beside_soft, none, none_soft, only, lone, lone_none } = values;
  expect({ beside, beside_soft, none, none_soft, only, lone, lone_none }).toEqual({
    beside: [1],
    beside_soft: [1],
    none: [0],
    none_soft: [0],
    only: [0],
    lone: [0],
    lone_none: [0],
  });
});
