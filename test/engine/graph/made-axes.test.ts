/** Parts, joins and products on the graph engine: the oracle's values. */
import { expect, it } from "vitest";
import { madeAxes } from "../../support/made-axes.js";
import { oracleRuns, planText } from "../../support/oracle-runs.js";
import { specFaults } from "../../support/spec-faults.js";
import { describeNative, graphEngine } from "./native.js";

describeNative("graph engine: axes made of axes", () => {
  it("agrees with the oracle", () => {
    const plan = planText(madeAxes);
    expect(specFaults(graphEngine(), plan, oracleRuns(plan), { relative: 1e-12, absolute: 1e-12 })).toEqual([]);
  }, 120_000);

  it("trains parameters over a join and a product as the oracle does", () => {
    const plan = planText(`
use std.optimizers
experiment e {
  precision f64
  axis pixel = 3
  axis class = 2
  axis unit = pixel ++ class
  axis row = 2
  axis cell = row * class
  axis late = unit[1 .. 3]
  axis picked = unit[4, 0, 1]
  param xi[unit] ~ normal(0, 1)
  param G[cell] ~ normal(0, 1)
  n[picked] ~ normal(0, 1)
  made[(row, class)] = sin(G[(row, class)]) * xi[class]
  both[unit] = pixel: xi[pixel]^2 | class: exp(xi[class])
  loss = sum(late) (both[late] - 1)^2 + sum(picked) (xi[picked] - n[picked])^2 + sum(cell) made[cell]^2
  train fit {
    minimize loss over xi, G
    using adam(lr: 0.05)
    for 20 steps
    record every 5 { loss, classes[class] = xi[class], opened[row, class] = G[(row, class)] }
  }
}`);
    expect(specFaults(graphEngine(), plan, oracleRuns(plan), { relative: 1e-10, absolute: 1e-10 })).toEqual([]);
  }, 120_000);
});
