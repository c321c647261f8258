/** Sums of entries by computed positions. */
import { entryCount, union, without } from "../dims.js";
import { at } from "../fault.js";
import { walk } from "../tensor.js";
import type { OpDefinition } from "./definition.js";
import { defaults, numberTypes, require, requireOperands, requireType, ulps } from "./definition.js";
import { requireOver } from "./reduction.js";

export const scatterAdd: OpDefinition<"scatter_add"> = {
  ...defaults,
  name: "scatter_add",
  doc: "Entry d along a new dim is the sum of the updates whose index (i32) is d; updates with an index outside the range are dropped.",
  dtypes: numberTypes,
  infer(operands, { dim, over }) {
    requireOperands("scatter_add", operands, 2);
    const updates = at(operands, 0);
    const index = at(operands, 1);
    requireType("scatter_add", updates, numberTypes);
    requireType("scatter_add", index, ["i32"]);
    const dims = union(updates.dims, index.dims);
    requireOver("scatter_add", over, dims);
    require(!dims.includes(dim), "scatter_add", "an operand has the new dim");
    return { dtype: updates.dtype, dims: [...without(dims, over), dim] };
  },
  evaluate(operands, node, { sizes }) {
    const { dim, over } = node.attributes;
    const updates = at(operands, 0);
    const index = at(operands, 1);
    const out = new Float64Array(entryCount(node.type.dims, sizes));
    const rest = without(node.type.dims, [dim]);
    walk([...rest, ...over], [rest, updates.dims, index.dims], sizes, (positions) => {
      const where = at(index.data, at(positions, 2));
      if (where < 0 || where >= sizes.size(dim)) return;
      const to = at(positions, 0) * sizes.size(dim) + where;
      const sum = at(out, to) + at(updates.data, at(positions, 1));
      out[to] = node.type.dtype === "i32" ? sum | 0 : sum;
    });
    return out;
  },
  // Each update reads what its place got; one that was dropped is left out.
  reverse(b, node, t) {
    if (node.type.dtype === "i32") return [null, null];
    const { dim } = node.attributes;
    const index = at(node.operands, 1);
    const size = b.constant(b.size(dim), "i32");
    const inside = b.and(b.ge(index, b.constant(0, "i32")), b.lt(index, size));
    if (b.size(dim) === 0) return [null, null];
    return [{ value: b.gather(t, index, dim), mask: inside }, null];
  },
  forward: (b, node, [t]) =>
    t === null || t === undefined
      ? null
      : b.scatterAdd(
          b.spread(t, at(node.operands, 0)),
          at(node.operands, 1),
          node.attributes.dim,
          node.attributes.over,
        ),
  sample(s) {
    const dim = s.dim(s.int(1, 5));
    const dims = s.dims(0, 3);
    const updates = s.tensor(s.subset(dims, 0.75));
    const index = s.positions(s.subset(dims, 0.75), dim);
    const over = s.subset(union(updates.type.dims, index.type.dims), 0.6);
    return { operands: [updates, index], attributes: { dim, over }, declared: null };
  },
  edges(s) {
    const index = s.listed([-5, -1, 0, 2, 3, 100], "i32");
    const updates = { type: { dtype: s.dtype, dims: index.type.dims }, data: Float64Array.of(1, 2, 3, 4, 5, 6) };
    return [{ operands: [updates, index], attributes: { dim: s.dim(3), over: index.type.dims }, declared: null }];
  },
  tolerance: ulps(32),
};
