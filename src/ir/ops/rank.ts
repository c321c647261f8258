/** Where an entry stands in ascending order: sorting, its inverse and the largest few are sums by rank. */
import { entryCount } from "../dims.js";
import { at } from "../fault.js";
import { between } from "../sampler.js";
import { walk } from "../tensor.js";
import type { OpDefinition } from "./definition.js";
import { defaults, numberTypes, requireOperands, requireType, ulps } from "./definition.js";
import { requireOver } from "./reduction.js";

/** Whether x at position i comes before y at position j: ascending, NaN after all numbers, equals (also 0 and -0) by position. */
function before(x: number, i: number, y: number, j: number): boolean {
  if (x < y) return true;
  if (x > y) return false;
  const [first, second] = [Number.isNaN(x), Number.isNaN(y)];
  return first === second ? i < j : second;
}

export const rank: OpDefinition<"rank"> = {
  ...defaults,
  name: "rank",
  doc: "How many entries along a dim come before this one in ascending order: equals by position, NaN after all numbers; i32, with derivative 0.",
  dtypes: numberTypes,
  infer(operands, { along }) {
    requireOperands("rank", operands, 1);
    const x = at(operands, 0);
    requireType("rank", x, numberTypes);
    requireOver("rank", [along], x.dims);
    return { dtype: "i32", dims: x.dims };
  },
  evaluate(operands, node, { sizes }) {
    const { along } = node.attributes;
    const x = at(operands, 0);
    const size = sizes.size(along);
    const stride = x.dims.slice(x.dims.indexOf(along) + 1).reduce((n, dim) => n * sizes.size(dim), 1);
    const out = new Float64Array(entryCount(x.dims, sizes));
    walk(x.dims, [x.dims], sizes, ([place], index) => {
      const here = at([place ?? 0], 0);
      const i = at(index, x.dims.indexOf(along));
      for (let j = 0; j < size; j++) {
        if (before(at(x.data, here + (j - i) * stride), j, at(x.data, here), i)) out[here] = at(out, here) + 1;
      }
    });
    return out;
  },
  reverse: () => [null],
  forward: () => null,
  sample(s) {
    const dims = [s.dim(), ...s.dims(0, 2)];
    return {
      operands: [s.tensor(s.shuffle(dims), between(-2, 2))],
      attributes: { along: at(dims, 0) },
      declared: null,
    };
  },
  edges(s) {
    const long = Array.from({ length: 70 }, (_, k) => (k % 7 === 3 ? 2 : Math.sin(k)));
    const rows = [
      [2, 1, 2, 1, 2],
      [0, -0, 1, -0, 0],
      [2_147_483_647, -2_147_483_648, 0],
      [],
      ...(s.dtype === "i32"
        ? [Array.from({ length: 70 }, (_, k) => (k * 37) % 11)]
        : [
            [NaN, Infinity, NaN, -Infinity, 1, Infinity],
            long,
            long.map((x, k) =>
              k % 9 === 0 ? NaN : k % 11 === 0 ? Infinity : k % 13 === 0 ? -0 : k % 17 === 0 ? 0 : x,
            ),
          ]),
    ];
    return rows.map((row) => {
      const x = s.listed(row);
      return { operands: [x], attributes: { along: at(x.type.dims, 0) }, declared: null };
    });
  },
  tolerance: ulps(0),
};
