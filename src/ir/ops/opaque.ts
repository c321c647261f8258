/** The end of derivatives: what is made of something that has none as a whole, although its parts have. */
import { at, NoDerivative } from "../fault.js";
import type { OpDefinition } from "./definition.js";
import { defaults, realTypes, requireOperands, requireType, ulps } from "./definition.js";

export const opaque: OpDefinition<"opaque"> = {
  ...defaults,
  name: "opaque",
  doc: "The operand; a derivative by what it depends on is refused.",
  dtypes: realTypes,
  infer(operands) {
    requireOperands("opaque", operands, 1);
    requireType("opaque", at(operands, 0), realTypes);
    return at(operands, 0);
  },
  evaluate: (operands) => at(operands, 0).data,
  reverse(_b, node) {
    throw new NoDerivative(node.id, "this");
  },
  forward(_b, node, [t]) {
    if (t === null || t === undefined) return null;
    throw new NoDerivative(node.id, "this");
  },
  sample: (s) => ({ operands: [s.tensor(s.dims(0, 2))], attributes: {}, declared: null }),
  tolerance: ulps(0),
};
