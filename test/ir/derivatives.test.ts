/** Derivatives of every op: forward against central differences, reverse against forward, first and second order. */
import { describe, expect, it } from "vitest";
import type { OpDefinition } from "../../src/ir/ops/definition.js";
import { opNames, ops } from "../../src/ir/ops/index.js";
import type { OpName } from "../../src/ir/types.js";
import type { OpSample } from "../../src/ir/sampler.js";
import { loopOps } from "../support/op-cases.js";
import { compareDerivatives, differentiable } from "../support/derivative-checks.js";

/** Sources have no operands, and the derivative of `stop` is not that of its value. */
const left: readonly OpName[] = [...loopOps, "constant", "iota", "stop", "polar", "projector"];
const differentiated = opNames.filter((op) => !left.includes(op) && ops[op].dtypes.includes("f64"));

/** One op on random inputs away from its kinks. */
function opAlone<K extends OpName>(op: K, definition: OpDefinition<K>, seed: number) {
  let sample: OpSample<K> | null = null;
  return differentiable(
    seed,
    (s) => (sample = definition.sample(s)).operands,
    (b, inputs) => {
      if (sample === null) throw new Error("no sample");
      return b.apply(op, inputs, sample.attributes, sample.declared);
    },
  );
}

describe.each(differentiated)("%s", (op) => {
  it.each([1, 2] as const)("has derivatives of order %i that agree", (order) => {
    for (let seed = 1; seed <= 12; seed++) {
      const found = compareDerivatives(opAlone(op, ops[op], seed * 77), order);
      // The largest of nothing is -inf, of which there is nothing to compare.
      if (!Number.isFinite(found.scale)) continue;
      const tolerance = 1e-6 * found.scale;
      expect(Math.abs(found.forward - found.differences), `forward, seed ${seed}`).toBeLessThan(tolerance);
      expect(Math.abs(found.forward - found.reverse), `reverse, seed ${seed}`).toBeLessThan(1e-9 * found.scale);
    }
  });
});
