/** Where a masked cotangent can reach an operand: strong zeros carried through the ops that are not computed entry by entry. */
import type { Builder } from "./builder.js";
import { includesAll, without } from "./dims.js";
import { at } from "./fault.js";
import type { Contribution, NodeFor } from "./ops/definition.js";
import { ops } from "./ops/index.js";
import type { DimId, Node, OpName, ValueId } from "./types.js";

/** The mask of what operand k gains where `mask` says which entries of the node's cotangent count. */
export function supportOf(b: Builder, node: Node, k: number, mask: ValueId): ValueId {
  switch (node.op) {
    // The cotangent is constant along the dims that were reduced.
    case "reduce_sum":
    case "reduce_prod":
    case "reduce_max":
    case "reduce_min":
      return mask;
    case "contract":
      return b.reduceAny(
        mask,
        without(node.type.dims, b.dimsOf(at(node.operands, k))).filter((d) => b.dimsOf(mask).includes(d)),
      );
    // Every entry of a matrix depends on all of them.
    case "solve":
    case "log_det":
    case "cholesky":
    case "eigh":
    case "svd":
    case "svd_values":
    case "polar":
    case "projector":
      return b.reduceAny(
        mask,
        Object.values(node.attributes).filter((dim: DimId) => b.dimsOf(mask).includes(dim)),
      );
    case "relabel": {
      const { from, to } = node.attributes;
      const kept = to.flatMap((dim, j) => (b.dimsOf(mask).includes(dim) ? [{ from: at(from, j), to: dim }] : []));
      return b.relabel(
        mask,
        kept.map((pair) => pair.to),
        kept.map((pair) => pair.from),
      );
    }
    case "cumulative_prod":
    case "cumulative_sum": {
      const { along } = node.attributes;
      if (!includesAll(b.dimsOf(mask), [along])) return mask;
      return b.gt(b.flip(b.cumulativeSum(b.flip(b.cast(mask, "f32"), along), along), along), b.constant(0, "f32"));
    }
    default:
      return reached(b, transposed<OpName>(b, node, b.cast(b.spread(mask, node.id), node.type.dtype), k));
  }
}

/** The other structural ops are sums of single entries: what counts is where the sum of ones is positive. */
function reached(b: Builder, ones: Contribution): ValueId {
  if (ones === null) return b.constant(0, "bool");
  if (typeof ones === "number") return b.gt(ones, b.number(0, ones));
  const positive = b.gt(ones.value, b.number(0, ones.value));
  return ones.mask === null ? positive : b.and(positive, ones.mask);
}

function transposed<K extends OpName>(b: Builder, node: NodeFor<K>, t: ValueId, k: number): Contribution {
  return ops[node.op].reverse(b, node, t, null)[k] ?? null;
}
