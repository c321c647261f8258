/** Simplifications of what cuts values into pieces and puts them together again: no entry is computed, so all are exact. */
import type { Builder } from "./builder.js";
import { sameOrder, without } from "./dims.js";
import { at } from "./fault.js";
import type { Rules } from "./fold.js";
import { splat } from "./fold.js";
import type { DimId, ValueId } from "./types.js";

/** One number everywhere stays one number, over other dims. */
function constantOver(b: Builder, x: ValueId, gone: readonly DimId[], added: readonly DimId[]): ValueId | null {
  const number = splat(b, x);
  return number === null ? null : b.constant(number, b.dtypeOf(x), [...without(b.dimsOf(x), gone), ...added]);
}

export const windowRules = {
  slice(b, { operands, attributes: { dim, to, start } }) {
    const x = at(operands, 0);
    if (start === 0 && b.size(dim) === b.size(to)) return b.relabel(x, [dim], [to]);
    const node = b.node(x);
    if (node.op === "slice" && node.attributes.to === dim)
      return b.slice(at(node.operands, 0), node.attributes.dim, to, node.attributes.start + start);
    if (node.op === "concat" && node.attributes.to === dim) {
      // A window inside of one part is a window of that part.
      let begin = 0;
      for (const [k, part] of node.attributes.from.entries()) {
        const end = begin + b.size(part);
        if (start >= begin && start + b.size(to) <= end && b.size(to) > 0) {
          const cut = b.slice(at(node.operands, k), part, to, start - begin);
          const dims = node.type.dims.map((own) => (own === dim ? to : own));
          return b.broadcast(cut, dims);
        }
        begin = end;
      }
    }
    return constantOver(b, x, [dim], [to]);
  },
  pad(b, { operands, attributes: { dim, to, start } }) {
    return start === 0 && b.size(dim) === b.size(to) ? b.relabel(at(operands, 0), [dim], [to]) : null;
  },
  concat(b, { operands, attributes: { from, to } }) {
    // Empty parts may be left out as long as what remains has all the dims.
    const kept = from.map((_, k) => k).filter((k) => b.size(at(from, k)) > 0);
    const [only] = kept;
    if (only === undefined || kept.length > 1) return null;
    const dims = operands.flatMap((operand, k) => without(b.dimsOf(operand), [at(from, k)]));
    const part = b.relabel(at(operands, only), [at(from, only)], [to]);
    return b.broadcast(part, [...new Set([...dims, to])]);
  },
  merge(b, { operands, attributes: { from, to } }) {
    const x = at(operands, 0);
    const [only, ...others] = from;
    if (only !== undefined && others.length === 0) return b.relabel(x, [only], [to]);
    const node = b.node(x);
    if (node.op === "split" && sameOrder(node.attributes.to, from))
      return b.relabel(at(node.operands, 0), [node.attributes.dim], [to]);
    return constantOver(b, x, from, [to]);
  },
  split(b, { operands, attributes: { dim, to } }) {
    const x = at(operands, 0);
    const [only, ...others] = to;
    if (only !== undefined && others.length === 0) return b.relabel(x, [dim], [only]);
    const node = b.node(x);
    if (node.op === "merge" && node.attributes.to === dim) {
      const { from } = node.attributes;
      if (from.length === to.length && from.every((part, k) => b.size(part) === b.size(at(to, k))))
        return b.relabel(at(node.operands, 0), from, to);
    }
    return constantOver(b, x, [dim], to);
  },
} satisfies Rules;
