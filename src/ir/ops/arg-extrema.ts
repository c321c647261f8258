/** Where the largest and the smallest entry stand. */
import { entryCount, without } from "../dims.js";
import { at } from "../fault.js";
import { between } from "../sampler.js";
import { walk } from "../tensor.js";
import type { DimId, OpAttributes } from "../types.js";
import type { OpDefinition } from "./definition.js";
import { defaults, numberTypes, requireOperands, requireType, ulps } from "./definition.js";
import { requireOver } from "./reduction.js";

function argExtremum<K extends "arg_max" | "arg_min">(
  name: K,
  doc: string,
  better: (x: number, best: number) => boolean,
  /** Makes the attributes: the type checker does not follow for a generic op that they are just `over`. */
  attributes: (over: DimId) => OpAttributes[K],
): OpDefinition<K> {
  return {
    ...defaults,
    name,
    doc,
    dtypes: numberTypes,
    unspecified: ["the position where an entry is NaN (the oracle, as NumPy, takes the first NaN)"],
    infer(operands, { over }) {
      requireOperands(name, operands, 1);
      const x = at(operands, 0);
      requireType(name, x, numberTypes);
      requireOver(name, [over], x.dims);
      return { dtype: "i32", dims: without(x.dims, [over]) };
    },
    evaluate(operands, node, { sizes }) {
      const { dims } = node.type;
      const { over } = node.attributes;
      const x = at(operands, 0);
      const out = new Float64Array(entryCount(dims, sizes));
      const best = new Float64Array(out.length);
      walk([...dims, over], [dims, x.dims], sizes, ([to, from], index) => {
        const position = at([to ?? 0], 0);
        const value = at(x.data, at([from ?? 0], 0));
        const along = at(index, dims.length);
        const soFar = at(best, position);
        const isFirstNaN = Number.isNaN(value) && !Number.isNaN(soFar);
        if (along === 0 || isFirstNaN || better(value, soFar)) {
          out[position] = along;
          best[position] = value;
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
        attributes: attributes(at(dims, 0)),
        declared: null,
      };
    },
    edges(s) {
      const rows = [
        [1, 3, 3, 1],
        [3, 1, 1, 3],
        [-5, -5],
        ...(s.dtype === "i32"
          ? []
          : [
              [-Infinity, -Infinity],
              [Infinity, 1, Infinity],
            ]),
      ];
      const empty = [s.dim(0), s.dim(2)];
      return [
        ...rows.map((row) => {
          const x = s.listed(row);
          return { operands: [x], attributes: attributes(at(x.type.dims, 0)), declared: null };
        }),
        ...empty.map((over) => ({
          operands: [{ type: { dtype: s.dtype, dims: empty }, data: new Float64Array(0) }],
          attributes: attributes(over),
          declared: null,
        })),
      ];
    },
    tolerance: ulps(0),
  };
}

export const argMax: OpDefinition<"arg_max"> = argExtremum(
  "arg_max",
  "The position of the first largest entry along a dim, 0 along an empty one; i32, with derivative 0.",
  (x, best) => x > best,
  (over) => ({ over }),
);

export const argMin: OpDefinition<"arg_min"> = argExtremum(
  "arg_min",
  "The position of the first smallest entry along a dim, 0 along an empty one; i32, with derivative 0.",
  (x, best) => x < best,
  (over) => ({ over }),
);
