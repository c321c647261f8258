/** x^n by exact repeated multiplication. */
import { mapEntries } from "../tensor.js";
import { at } from "../fault.js";
import { between } from "../sampler.js";
import { powerInt as power } from "../special.js";
import type { NodeOf, ValueId } from "../types.js";
import type { Builder } from "../builder.js";
import type { OpDefinition } from "./definition.js";
import { defaults, numberTypes, require, requireOperands, requireType, ulps } from "./definition.js";
import { broadcastOperands } from "./elementwise.js";

// n x^(n-1), also at 0 (0^0 = 1)
function chain(b: Builder, node: NodeOf<"power_int">, t: ValueId): ValueId | null {
  const n = node.attributes.exponent;
  const x = at(node.operands, 0);
  if (n === 0 || node.type.dtype === "i32") return null;
  return b.mul(t, b.mul(b.number(n, x), b.powerInt(x, n - 1)));
}

export const powerInt: OpDefinition<"power_int"> = {
  ...defaults,
  name: "power_int",
  doc: "x^n for a constant int n >= 0, by repeated multiplication; x^0 is 1 for every x, NaN included.",
  pointwise: true,
  dtypes: numberTypes,
  infer(operands, { exponent }) {
    requireOperands("power_int", operands, 1);
    const x = at(operands, 0);
    requireType("power_int", x, numberTypes);
    require(Number.isInteger(exponent) && exponent >= 0, "power_int", `the exponent is ${exponent}`);
    return x;
  },
  evaluate: (operands, node, { sizes }) =>
    mapEntries(node.type.dims, operands, sizes, (x) =>
      node.type.dtype === "i32" ? wrappedPower(x, node.attributes.exponent) : power(x, node.attributes.exponent),
    ),
  reverse: (b, node, t) => [chain(b, node, t)],
  forward: (b, node, [t]) => (t === null || t === undefined ? null : chain(b, node, t)),
  sample: (s) => ({
    operands: broadcastOperands(s, [between(-2, 2)]),
    attributes: { exponent: s.int(0, 5) },
    declared: null,
  }),
  edges: (s) =>
    [0, 1, 2, 3].map((exponent) => ({
      operands: [s.listed(s.dtype === "i32" ? [0, 1, -3, 40_000] : [0, -2, NaN, Infinity, -Infinity])],
      attributes: { exponent },
      declared: null,
    })),
  tolerance: ulps(16),
};

function wrappedPower(x: number, exponent: number): number {
  let product = 1;
  for (let k = 0; k < exponent; k++) product = Math.imul(product, x);
  return product;
}
