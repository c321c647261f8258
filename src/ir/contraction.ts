/**
 * The order in which a sum of products is computed. Each step multiplies two things and sums over the dims that nothing else needs;
 * the order with the fewest products is found exactly for up to eight operands, greedily beyond.
 */
import type { DimSizes } from "./dims.js";
import { entryCount, union, without } from "./dims.js";
import { at } from "./fault.js";
import type { DimId } from "./types.js";

export interface ContractionOperand {
  readonly dims: readonly DimId[];
  /**
   * How often the operand changes, for the cost: a product is computed as often as the more often changing of its factors.
   * (One for all unless told: then the number of products counts.)
   */
  readonly weight?: number;
}

/** How to compute a contraction; `over` is summed right after the step, `dims` is what remains. */
export type ContractionTree =
  | {
      readonly kind: "operand";
      readonly index: number;
      readonly over: readonly DimId[];
      readonly dims: readonly DimId[];
    }
  | {
      readonly kind: "pair";
      readonly left: ContractionTree;
      readonly right: ContractionTree;
      readonly over: readonly DimId[];
      readonly dims: readonly DimId[];
    };

const exhaustiveUpTo = 8;

export function orderContraction(
  operands: readonly ContractionOperand[],
  over: readonly DimId[],
  sizes: DimSizes,
): ContractionTree {
  const leaves = operands.map((_, k) => leaf(operands, over, sizes, k));
  const best = leaves.length <= exhaustiveUpTo ? exhaustive(leaves, over, sizes) : greedy(leaves, over, sizes);
  return best.tree;
}

/** Products and sums of a whole tree, each counted with its weight. */
export function contractionCost(
  tree: ContractionTree,
  operands: readonly ContractionOperand[],
  sizes: DimSizes,
): number {
  return costed(tree, operands, sizes).cost;
}

function costed(tree: ContractionTree, operands: readonly ContractionOperand[], sizes: DimSizes) {
  if (tree.kind === "operand") {
    const weight = at(operands, tree.index).weight ?? 1;
    return { weight, cost: tree.over.length === 0 ? 0 : weight * entryCount([...tree.dims, ...tree.over], sizes) };
  }
  const left: { weight: number; cost: number } = costed(tree.left, operands, sizes);
  const right: { weight: number; cost: number } = costed(tree.right, operands, sizes);
  const weight = Math.max(left.weight, right.weight);
  const products = entryCount([...tree.dims, ...tree.over], sizes);
  return { weight, cost: left.cost + right.cost + weight * products };
}

/** A part of the contraction: some operands, combined by a tree. */
interface Part {
  readonly tree: ContractionTree;
  readonly weight: number;
  readonly cost: number;
}

/** An operand alone, with the dims summed that only it has. */
function leaf(operands: readonly ContractionOperand[], over: readonly DimId[], sizes: DimSizes, index: number): Part {
  const elsewhere = union(...operands.filter((_, k) => k !== index).map(({ dims }) => dims));
  const { dims, weight = 1 } = at(operands, index);
  const summed = dims.filter((dim) => over.includes(dim) && !elsewhere.includes(dim));
  const tree: ContractionTree = { kind: "operand", index, over: summed, dims: without(dims, summed) };
  return { tree, weight, cost: summed.length === 0 ? 0 : weight * entryCount(dims, sizes) };
}

/** Two parts together; dims of `over` are summed when nothing `elsewhere` has them. */
function joined(left: Part, right: Part, elsewhere: readonly DimId[], over: readonly DimId[], sizes: DimSizes): Part {
  const all = union(left.tree.dims, right.tree.dims);
  const summed = all.filter((dim) => over.includes(dim) && !elsewhere.includes(dim));
  const weight = Math.max(left.weight, right.weight);
  return {
    tree: { kind: "pair", left: left.tree, right: right.tree, over: summed, dims: without(all, summed) },
    weight,
    cost: left.cost + right.cost + weight * entryCount(all, sizes),
  };
}

/** The best tree of every set of operands (a bit each) out of the best trees of its parts. */
function exhaustive(leaves: readonly Part[], over: readonly DimId[], sizes: DimSizes): Part {
  const best = new Map(leaves.map((part, k) => [1 << k, part]));
  const all = (1 << leaves.length) - 1;
  const bestOf = (members: number): Part =>
    at(
      [best.get(members)].filter((part) => part !== undefined),
      0,
    );
  for (let members = 1; members <= all; members++) {
    const elsewhere = union(...leaves.filter((_, k) => (members & (1 << k)) === 0).map(({ tree }) => tree.dims));
    // Each split once: the lowest member stays on the left.
    const lowest = members & -members;
    for (let right = (members - 1) & members; right > 0; right = (right - 1) & members) {
      if ((right & lowest) !== 0) continue;
      const candidate = joined(bestOf(members ^ right), bestOf(right), elsewhere, over, sizes);
      if (candidate.cost < (best.get(members)?.cost ?? Infinity)) best.set(members, candidate);
    }
  }
  return bestOf(all);
}

/** Always the pair whose product is cheapest. */
function greedy(leaves: readonly Part[], over: readonly DimId[], sizes: DimSizes): Part {
  let parts = [...leaves];
  while (parts.length > 1) {
    let best = { added: Infinity, joined: at(parts, 0), rest: parts };
    for (const left of parts) {
      for (const right of parts.slice(parts.indexOf(left) + 1)) {
        const rest = parts.filter((part) => part !== left && part !== right);
        const part = joined(left, right, union(...rest.map(({ tree }) => tree.dims)), over, sizes);
        const added = part.cost - left.cost - right.cost;
        if (added < best.added) best = { added, joined: part, rest };
      }
    }
    parts = [best.joined, ...best.rest];
  }
  return at(parts, 0);
}
