/** Windows along a dim: cutting one out, and putting one into zeros. */
import { entryCount, includesAll, union } from "../dims.js";
import { at } from "../fault.js";
import type { Sampler } from "../sampler.js";
import { walk } from "../tensor.js";
import type { DimId, DType, ValueType } from "../types.js";
import type { OpDefinition } from "./definition.js";
import { defaults, isReal, require, requireOperands, ulps } from "./definition.js";

const all: readonly DType[] = ["f32", "f64", "i32", "bool"];

interface Window {
  readonly dim: DimId;
  readonly to: DimId;
  readonly start: number;
}

function infer(op: string, operands: readonly ValueType[], { dim, to, start }: Window, long: number, short: number) {
  requireOperands(op, operands, 1);
  const x = at(operands, 0);
  require(includesAll(x.dims, [dim]), op, "needs a dim of its operand");
  require(Number.isInteger(start) && start >= 0 && start + short <= long, op, `${start} + ${short} is beyond ${long}`);
  const dims = x.dims.map((d) => (d === dim ? to : d));
  require(union(dims).length === dims.length, op, "gives one label to two dims");
  return { dtype: x.dtype, dims };
}

function sample(s: Sampler, padding: boolean) {
  const short = s.int(0, 4);
  const start = s.int(0, 2);
  const long = s.dim(start + short + s.int(0, 2));
  const [dim, to] = padding ? [s.dim(short), long] : [long, s.dim(short)];
  const dims = s.shuffle([dim, ...s.dims(0, 2)]);
  return { operands: [s.tensor(dims)], attributes: { dim, to, start }, declared: null };
}

export const slice: OpDefinition<"slice"> = {
  ...defaults,
  name: "slice",
  doc: "A window along a dim: entry k is entry `start + k` of the operand.",
  dtypes: all,
  infer: (operands, window, sizes) => infer("slice", operands, window, sizes.size(window.dim), sizes.size(window.to)),
  evaluate(operands, node, { sizes }) {
    const { dim, to, start } = node.attributes;
    const x = at(operands, 0);
    const out = new Float64Array(entryCount(node.type.dims, sizes));
    const stride = x.dims.slice(x.dims.indexOf(dim) + 1).reduce((n, d) => n * sizes.size(d), 1);
    let next = 0;
    walk(node.type.dims, [x.dims], sizes, ([base], index) => {
      const k = at(index, node.type.dims.indexOf(to));
      out[next++] = at(x.data, at([base ?? 0], 0) + (start + k) * stride);
    });
    return out;
  },
  reverse(b, node, t) {
    const { dim, to, start } = node.attributes;
    if (!isReal(node.type)) return [null];
    return [{ value: b.pad(t, to, dim, start), mask: b.window(dim, start, b.size(to)), exact: true }];
  },
  forward(b, node, [t]) {
    const { dim, to, start } = node.attributes;
    return t === null || t === undefined ? null : b.slice(b.spread(t, at(node.operands, 0)), dim, to, start);
  },
  sample: (s) => sample(s, false),
  tolerance: ulps(0),
};

export const pad: OpDefinition<"pad"> = {
  ...defaults,
  name: "pad",
  doc: "Puts the operand at `start` of a longer dim and zero (false) elsewhere.",
  dtypes: all,
  infer: (operands, window, sizes) => infer("pad", operands, window, sizes.size(window.to), sizes.size(window.dim)),
  evaluate(operands, node, { sizes }) {
    const { dim, to, start } = node.attributes;
    const x = at(operands, 0);
    const out = new Float64Array(entryCount(node.type.dims, sizes));
    const stride = node.type.dims.slice(node.type.dims.indexOf(to) + 1).reduce((n, d) => n * sizes.size(d), 1);
    walk(x.dims, [x.dims, node.type.dims], sizes, ([from, base], index) => {
      const k = at(index, x.dims.indexOf(dim));
      out[at([base ?? 0], 0) + (start + k) * stride] = at(x.data, at([from ?? 0], 0));
    });
    return out;
  },
  reverse(b, node, t) {
    const { dim, to, start } = node.attributes;
    return [isReal(node.type) ? b.slice(t, to, dim, start) : null];
  },
  forward(b, node, [t]) {
    const { dim, to, start } = node.attributes;
    return t === null || t === undefined ? null : b.pad(b.spread(t, at(node.operands, 0)), dim, to, start);
  },
  sample: (s) => sample(s, true),
  tolerance: ulps(0),
};
