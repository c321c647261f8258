/** Where values come from. None has operands, so none has a derivative. */
import { entryCount } from "../dims.js";
import { at } from "../fault.js";
import { roundTo } from "../tensor.js";
import type { DType, ValueType } from "../types.js";
import type { OpDefinition } from "./definition.js";
import { defaults, require, requireOperands, requireType, ulps } from "./definition.js";

const all: readonly DType[] = ["f32", "f64", "i32", "bool"];

/** A source has the type that it is told. */
function told(op: string, operands: readonly ValueType[], declared: ValueType | null): ValueType {
  requireOperands(op, operands, 0);
  require(declared !== null, op, "needs a type");
  return declared;
}

export const constant: OpDefinition<"constant"> = {
  ...defaults,
  name: "constant",
  doc: "Given numbers in the order of the type's dims, rounded to the dtype; one number stands for all entries.",
  dtypes: all,
  infer(operands, { data }, sizes, declared) {
    const type = told("constant", operands, declared);
    const count = entryCount(type.dims, sizes);
    require(data.length === 1 || data.length === count, "constant", `${data.length} numbers for ${count} entries`);
    return type;
  },
  evaluate(_operands, node, { sizes }) {
    const { data } = node.attributes;
    const count = entryCount(node.type.dims, sizes);
    return Float64Array.from({ length: count }, (_, k) =>
      roundTo(node.type.dtype, at(data, data.length === 1 ? 0 : k)),
    );
  },
  reverse: () => [],
  forward: () => null,
  sample(s) {
    const { type, data } = s.tensor(s.dims(0, 3));
    const value = data.length === 0 || s.chance(0.3) ? [s.int(0, 1)] : [...data];
    return { operands: [], attributes: { data: value }, declared: type };
  },
  edges(s) {
    const values =
      s.dtype === "i32" ? [0, 2 ** 31 - 1, -(2 ** 31)] : s.dtype === "bool" ? [0, 1] : [0.1, NaN, Infinity, -Infinity];
    const { type } = s.listed(values);
    return [{ operands: [], attributes: { data: values }, declared: type }];
  },
  tolerance: ulps(1),
};

export const input: OpDefinition<"input"> = {
  ...defaults,
  name: "input",
  doc: "Something given from outside for one run.",
  dtypes: all,
  infer: (operands, _attributes, _sizes, declared) => told("input", operands, declared),
  evaluate: (_operands, node, context) =>
    context.input(node.attributes.index).map((value) => roundTo(node.type.dtype, value)),
  reverse: () => [],
  forward: () => null,
  // Every sample of the other ops reads inputs; alone it has nothing to be tried with.
  sample: (s) => ({ operands: [], attributes: { index: 0 }, declared: { dtype: s.dtype, dims: [] } }),
};

export const carried: OpDefinition<"carried"> = {
  ...defaults,
  name: "carried",
  doc: "A value of the loop at the start of the step.",
  dtypes: all,
  infer: (operands, _attributes, _sizes, declared) => told("carried", operands, declared),
  evaluate: (_operands, node, context) => context.carried(node.attributes.index),
  reverse: () => [],
  forward: () => null,
  sample: (s) => ({ operands: [], attributes: { index: 0 }, declared: { dtype: s.dtype, dims: [] } }),
};

export const step: OpDefinition<"step"> = {
  ...defaults,
  name: "step",
  doc: "The number of updates done, i32.",
  dtypes: ["i32"],
  infer(operands) {
    requireOperands("step", operands, 0);
    return { dtype: "i32", dims: [] };
  },
  evaluate: (_operands, _node, context) => Float64Array.of(context.step),
  reverse: () => [],
  forward: () => null,
  sample: () => ({ operands: [], attributes: {}, declared: null }),
};

export const iota: OpDefinition<"iota"> = {
  ...defaults,
  name: "iota",
  doc: "The position along its only dim.",
  dtypes: ["i32", "f32", "f64"],
  infer(operands, _attributes, _sizes, declared) {
    const type = told("iota", operands, declared);
    requireType("iota", type, ["i32", "f32", "f64"]);
    require(type.dims.length === 1, "iota", "has exactly one dim");
    return type;
  },
  evaluate: (_operands, node, { sizes }) =>
    Float64Array.from({ length: sizes.size(at(node.type.dims, 0)) }, (_, k) => k),
  reverse: () => [],
  forward: () => null,
  sample: (s) => ({ operands: [], attributes: {}, declared: { dtype: s.dtype, dims: [s.dim()] } }),
  tolerance: ulps(0),
};
