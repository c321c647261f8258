/** Compares derivatives with central differences and with one another, along one random direction. */
import { Builder } from "../../src/ir/builder.js";
import { gradient, tangent } from "../../src/ir/derive.js";
import { at } from "../../src/ir/fault.js";
import { evaluateProgram } from "../../src/ir/oracle.js";
import { Sampler } from "../../src/ir/sampler.js";
import type { SampledOperand } from "../../src/ir/sampler.js";
import type { ValueId } from "../../src/ir/types.js";

/** What to differentiate: inputs with their values, and the value made of them. */
export interface Differentiable {
  readonly b: Builder;
  readonly s: Sampler;
  readonly operands: readonly SampledOperand[];
  readonly inputs: readonly ValueId[];
  readonly output: ValueId;
}

/** Sets up inputs for operands; `make` says what becomes of them. */
export function differentiable(
  seed: number,
  sample: (s: Sampler) => readonly SampledOperand[],
  make: (b: Builder, inputs: readonly ValueId[]) => ValueId,
): Differentiable {
  const b = new Builder();
  const s = new Sampler(seed, b, "f64");
  const operands = sample(s);
  const inputs = operands.map(({ type }, k) =>
    b.input({ name: `x${k}`, type, source: { kind: "result", phase: "test", value: `x${k}` } }),
  );
  return { b, s, operands, inputs, output: make(b, inputs) };
}

export interface Compared {
  readonly forward: number;
  readonly reverse: number;
  readonly differences: number;
  /** The size of what was added up, for the tolerance. */
  readonly scale: number;
}

/**
 * The derivative of `sum(weights * output)` along a random direction, in three ways. With `order` 2 the output is first replaced by
 * its own derivative along another direction (taken in reverse mode).
 */
export function compareDerivatives(given: Differentiable, order: 1 | 2): Compared {
  const { b, s, operands, inputs } = given;
  const real = inputs.filter((input) => b.dtypeOf(input) === "f64");
  let output = scalar(given, given.output);
  if (order === 2) {
    const parts = gradient(b, output, real).map((slope) => scalar(given, slope));
    output = parts.reduce((x, y) => b.add(x, y), b.constant(0, "f64"));
  }
  const directions = real.map((input) => s.tensor(b.dimsOf(input)));
  const moves = real.map((input, k) => {
    const { type, data } = at(directions, k);
    return { from: input, tangent: b.data([...data], type) };
  });
  const [forward = 0] = tangent(b, [output], moves);
  const slopes = gradient(b, output, real).map((slope, k) => b.ordered(slope, b.dimsOf(at(real, k))));
  const outputs = [output, forward, ...slopes].map((value, k) => ({ name: `y${k}`, value }));
  const program = b.finish({ name: "derivatives", loop: null, outputs });
  const values = (h: number) => {
    const moved = operands.map(({ data }, k) => {
      const place = real.indexOf(at(inputs, k));
      return place < 0 ? data : data.map((x, e) => x + h * at(at(directions, place).data, e));
    });
    return evaluateProgram(program, moved).outputs;
  };
  const here = values(0);
  const h = 1e-6;
  const products = real.flatMap((_, k) =>
    [...at(here, k + 2)].map((slope, e) => slope * at(at(directions, k).data, e)),
  );
  return {
    forward: at(at(here, 1), 0),
    reverse: products.reduce((x, y) => x + y, 0),
    differences: (at(at(values(h), 0), 0) - at(at(values(-h), 0), 0)) / (2 * h),
    scale: products.reduce((x, y) => x + Math.abs(y), 1) + Math.abs(at(at(here, 0), 0)),
  };
}

/** The sum of all entries with random weights. */
function scalar({ b, s }: Differentiable, value: ValueId): ValueId {
  const dims = b.dimsOf(value);
  if (b.dtypeOf(value) !== "f64") return b.constant(0, "f64");
  const weights = s.tensor(dims);
  return b.reduceSum(b.mul(value, b.data([...weights.data], weights.type)), dims);
}
