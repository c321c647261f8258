/**
 * A read of few entries of a computed value computes these entries only: the read goes through what is computed entry by entry, through
 * sums over other dims and renamings, up to where it meets what is there anyway. It does not go into a value that changes less often than
 * the position: that one is computed once and read.
 */
import type { Builder } from "./builder.js";
import { entryCount, union, without } from "./dims.js";
import { at } from "./fault.js";
import type { Rules } from "./fold.js";
import { splat } from "./fold.js";
import { ops } from "./ops/index.js";
import type { NodeFor } from "./ops/definition.js";
import type { DimId, Node, OpName, ValueId } from "./types.js";

export const gatherRules = {
  gather(b, { operands, attributes: { dim } }) {
    const [x, index] = [at(operands, 0), at(operands, 1)];
    const unnamed = withoutName(b, x, index, dim);
    if (unnamed !== null) return unnamed;
    if (!isFew(b, x, index, dim)) return null;
    const found = through(b, x, index, dim);
    return found === null ? null : b.broadcast(found, union(without(b.dimsOf(x), [dim]), b.dimsOf(index)));
  },
} satisfies Rules;

/** The read under the label that the value has without its renaming: two reads alike are then one value. */
function withoutName(b: Builder, x: ValueId, index: ValueId, dim: DimId): ValueId | null {
  const node = b.node(x);
  // What is read at the same positions in each step is read once.
  if (node.op !== "relabel" || b.changesIn(index).size === 0) return null;
  const { from, to } = node.attributes;
  const own = from[to.indexOf(dim)];
  const others = to.filter((label) => label !== dim);
  if (own === undefined || others.includes(own) || b.dimsOf(index).includes(own)) return null;
  const source = b.relabel(
    at(node.operands, 0),
    from.filter((label) => label !== own),
    others,
  );
  return b.apply("gather", [source, index], { dim: own });
}

/** Whether the entries that are read are at most half of all. */
function isFew(b: Builder, x: ValueId, index: ValueId, dim: DimId): boolean {
  const read = entryCount(without(b.dimsOf(index), b.dimsOf(x)), b);
  return 2 * read <= b.size(dim) && b.size(dim) > 0;
}

/** Values that are made of one another are gone through as deep as the stack surely holds. */
const DEEPEST = 400;
const reads = new WeakMap<Builder, { readonly known: Map<string, ValueId>; depth: number }>();

/** The entries of a value; itself where it has no such dim. */
function read(b: Builder, x: ValueId, index: ValueId, dim: DimId): ValueId {
  if (!b.dimsOf(x).includes(dim)) return x;
  const own = reads.get(b) ?? { known: new Map<string, ValueId>(), depth: 0 };
  reads.set(b, own);
  const key = `${x} ${index} ${dim}`;
  const known = own.known.get(key);
  if (known !== undefined) return known;
  own.depth++;
  const deeper = own.depth < DEEPEST ? through(b, x, index, dim) : null;
  own.depth--;
  const found = deeper ?? b.append("gather", [x, index], { dim }, null);
  own.known.set(key, found);
  return found;
}

/** The entries with all their dims: what is reduced or renamed has to be there. */
function whole(b: Builder, x: ValueId, index: ValueId, dim: DimId): ValueId {
  if (!b.dimsOf(x).includes(dim)) return x;
  return b.broadcast(read(b, x, index, dim), union(without(b.dimsOf(x), [dim]), b.dimsOf(index)));
}

/** The read one node further in, or null where it stays. */
function through(b: Builder, x: ValueId, index: ValueId, dim: DimId): ValueId | null {
  const node = b.node(x);
  const number = splat(b, x);
  if (number !== null) return b.constant(number, b.dtypeOf(x), without(node.type.dims, [dim]));
  if (node.op === "broadcast") return read(b, at(node.operands, 0), index, dim);
  // Loops are numbered from without to within.
  const innermost = Math.max(...b.changesIn(index));
  if (b.changesIn(index).size > 0 && !b.changesIn(x).has(innermost)) return null;
  if (ops[node.op].pointwise) return pointwise<OpName>(b, node, index, dim);
  return throughStructure(b, node, index, dim);
}

function pointwise<K extends OpName>(b: Builder, node: NodeFor<K>, index: ValueId, dim: DimId): ValueId {
  const operands = node.operands.map((operand) => read(b, operand, index, dim));
  const dims = union(...operands.map((operand) => b.dimsOf(operand)));
  return b.apply(node.op, operands, node.attributes, { dtype: node.type.dtype, dims });
}

function throughStructure(b: Builder, node: Node, index: ValueId, dim: DimId): ValueId | null {
  const clashes = (dims: readonly DimId[]): boolean => dims.some((own) => b.dimsOf(index).includes(own));
  const entries = (): ValueId[] => node.operands.map((operand) => whole(b, operand, index, dim));
  switch (node.op) {
    case "contract":
    case "reduce_sum":
    case "reduce_prod":
    case "reduce_max":
    case "reduce_min":
    case "reduce_any":
    case "reduce_all":
      // The index has a label that is bound inside: it would be taken for the other one.
      return clashes(node.attributes.over) ? null : b.apply(node.op, entries(), node.attributes);
    case "relabel": {
      const { from, to } = node.attributes;
      if (clashes(without(from, to))) return null;
      const own = to.map((label, k) => [label, at(from, k)] as const);
      const inside = (label: DimId): DimId => new Map(own).get(label) ?? label;
      // Dims that index and value share have their inner names there.
      const moved = own.filter(([label]) => label !== dim && b.dimsOf(index).includes(label));
      const place = b.relabel(
        index,
        moved.map(([label]) => label),
        moved.map(([, label]) => label),
      );
      const x = at(node.operands, 0);
      if (b.dimsOf(place).includes(inside(dim))) return null;
      const inner = whole(b, x, place, inside(dim));
      const kept = own.filter(([outer, label]) => outer !== dim && b.dimsOf(inner).includes(label));
      return b.relabel(
        inner,
        kept.map(([, label]) => label),
        kept.map(([label]) => label),
      );
    }
    case "diagonal": {
      const { first, second } = node.attributes;
      if (clashes([first, second])) return null;
      const x = at(node.operands, 0);
      if (dim !== first) return b.diagonal(whole(b, x, index, dim), first, second);
      return whole(b, whole(b, x, index, second), index, first);
    }
    case "iota": {
      const last = b.constant(b.size(dim) - 1, "i32");
      return b.cast(b.max(b.constant(0, "i32"), b.min(index, last)), node.type.dtype);
    }
    case "gather": {
      const inner = node.attributes.dim;
      const [x, places] = [at(node.operands, 0), at(node.operands, 1)];
      // Of positions that are read from a list, the list is read. Two reads along dims of one value stay as they stand.
      if (clashes([inner]) || b.dimsOf(x).includes(dim)) return null;
      return b.gather(x, whole(b, places, index, dim), inner);
    }
    default:
      return null;
  }
}
