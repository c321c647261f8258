/** Random bits inside a loop: a word of Threefry-2x32 for a key and a counter, entry by entry. */
import { threefry as block } from "../draws/threefry.js";
import { union } from "../dims.js";
import { at } from "../fault.js";
import { between } from "../sampler.js";
import { mapEntries } from "../tensor.js";
import type { OpDefinition } from "./definition.js";
import { defaults, requireOperands, requireType, ulps } from "./definition.js";

export const threefry: OpDefinition<"threefry"> = {
  ...defaults,
  name: "threefry",
  doc: "One of the two 32-bit words of Threefry-2x32 (20 rounds) for a key (two words) and a counter (two words), all as signed ints.",
  pointwise: true,
  dtypes: ["i32"],
  infer(operands) {
    requireOperands("threefry", operands, 4);
    operands.forEach((operand) => {
      requireType("threefry", operand, ["i32"]);
    });
    return { dtype: "i32", dims: union(...operands.map(({ dims }) => dims)) };
  },
  evaluate: (operands, node, { sizes }) =>
    mapEntries(
      node.type.dims,
      operands,
      sizes,
      (k0, k1, c0, c1) => at(block([k0, k1], [c0, c1]), node.attributes.word) | 0,
    ),
  reverse: () => [null, null, null, null],
  forward: () => null,
  sample(s) {
    const dims = s.dims(0, 3);
    const words = () => s.tensor(s.subset(dims, 0.75), between(-(2 ** 31), 2 ** 31 - 1), "i32");
    return { operands: [words(), words(), words(), words()], attributes: { word: 1 }, declared: null };
  },
  edges(s) {
    // The vectors of Random123 for 20 rounds: zeros, ones, digits of pi.
    const words = (...list: number[]) => ({
      type: { dtype: "i32" as const, dims: dims.type.dims },
      data: Float64Array.from(list, (word) => word | 0),
    });
    const dims = s.listed([0, 1, 2], "i32");
    const operands = [
      words(0, 0xffffffff, 0x13198a2e),
      words(0, 0xffffffff, 0x03707344),
      words(0, 0xffffffff, 0x243f6a88),
      words(0, 0xffffffff, 0x85a308d3),
    ];
    return ([0, 1] as const).map((word) => ({ operands, attributes: { word }, declared: null }));
  },
  tolerance: ulps(0),
};
