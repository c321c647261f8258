/**
 * Simplifies a program: what nothing needs goes, equal values become one, sums of products become contractions, and factors that a sum
 * does not run over leave it. Values stay the same but for the order of real sums and products.
 */
import { renameDims } from "./attributes.js";
import { union } from "./dims.js";
import { at } from "./fault.js";
import { splat } from "./fold.js";
import { countByPlaces } from "./histograms.js";
import { countByProducts } from "./coincidences.js";
import { isReal } from "./ops/definition.js";
import { carrySums } from "./increments.js";
import { pruneLoops } from "./loop-pruning.js";
import type { Rebuilding } from "./rebuild.js";
import { rebuild } from "./rebuild.js";
import { Regions } from "./regions.js";
import type { DimId, Node, Program, ValueId } from "./types.js";
import { changingValues, neededBy, rootsOf } from "./uses.js";

/** Rounds end when nothing is left to fuse; derivatives of derivatives take three. */
const mostRounds = 6;

export function simplifyProgram(program: Program): Program {
  const hasLoops = program.nodes.some(({ op }) => op === "loop");
  let current = hasLoops ? pruneLoops(rebuild(program, () => null)) : program;
  for (let round = 0; round < mostRounds; round++) {
    const fusion = new Fusion(current);
    current = rebuild(current, (copy, node) => fusion.rewrite(copy, node));
    if (fusion.changes === 0) break;
  }
  // What a fusion left behind is not needed any more.
  const fused = countByProducts(countByPlaces(pruneLoops(rebuild(current, () => null))));
  return hasLoops ? rebuild(carrySums(fused), () => null) : fused;
}

/** A product of new values and the dims that it is summed over. */
interface Product {
  readonly factors: readonly ValueId[];
  readonly over: readonly DimId[];
}

class Fusion {
  /** How many nodes were rewritten. */
  changes = 0;
  private readonly uses = new Map<ValueId, number>();
  private readonly changing: ReadonlySet<ValueId>;
  private readonly regions: Regions;

  constructor(private readonly program: Program) {
    const roots = rootsOf(program);
    const users = [...neededBy(program, roots)].flatMap((id) => at(program.nodes, id).operands);
    for (const id of [...roots, ...users]) this.uses.set(id, (this.uses.get(id) ?? 0) + 1);
    this.changing = changingValues(program);
    this.regions = new Regions(program.nodes);
  }

  rewrite(copy: Rebuilding, node: Node): ValueId | null {
    if (!isReal(node.type)) return null;
    if (node.op === "mul") return this.scaled(copy, node);
    if (node.op === "reduce_sum" && !this.isProduct(at(node.operands, 0), node)) return null;
    if (node.op !== "reduce_sum" && node.op !== "contract") return null;
    const { factors, over } = this.product(copy, node);
    return this.contracted(copy, node, factors, over);
  }

  /** A product with two constant factors has one of them. */
  private scaled(copy: Rebuilding, node: Node): ValueId | null {
    const { b } = copy;
    const values = node.operands.map((operand) => copy.value(operand));
    const outer = values.find((value) => splat(b, value) !== null);
    const other = b.node(values.find((value) => value !== outer) ?? -1);
    if (outer === undefined || other.op !== "mul") return null;
    const inner = other.operands.find((value) => splat(b, value) !== null);
    const rest = other.operands.find((value) => value !== inner);
    if (inner === undefined || rest === undefined) return null;
    this.changes++;
    return b.mul(b.mul(outer, inner), rest);
  }

  /** Whether a value is used here alone, changes as often as its user, and can be taken apart into factors. */
  private isProduct(id: ValueId, user: Node): boolean {
    if (this.uses.get(id) !== 1 || !this.changeTogether(id, user.id)) return false;
    const node = at(this.program.nodes, id);
    if (node.op === "relabel") return this.isSum(at(node.operands, 0), node);
    return node.op === "mul" || this.isSum(id, user);
  }

  private changeTogether(a: ValueId, b: ValueId): boolean {
    return this.changing.has(a) === this.changing.has(b) && this.regions.scopeKey(a) === this.regions.scopeKey(b);
  }

  private isSum(id: ValueId, user: Node): boolean {
    const { op } = at(this.program.nodes, id);
    if (this.uses.get(id) !== 1 || !this.changeTogether(id, user.id)) return false;
    return op === "contract" || op === "reduce_sum";
  }

  /** A node as a sum of products of values that are used elsewhere too or are no products. */
  private product(copy: Rebuilding, node: Node): Product {
    const own = node.op === "contract" || node.op === "reduce_sum" ? node.attributes.over.map(copy.dim) : [];
    const parts = node.operands.map((operand) => this.factor(copy, operand, node));
    // Sums inside keep to themselves: what one of them is summed over may have the label of a dim outside.
    const apart = parts.map((part, k) => {
      const others = parts.flatMap(({ factors }, j) => (j === k ? [] : factors));
      return withFreshSums(copy, part, union(own, ...others.map((factor) => copy.b.dimsOf(factor))));
    });
    return {
      factors: apart.flatMap(({ factors }) => factors),
      over: [...own, ...apart.flatMap(({ over }) => over)],
    };
  }

  private factor(copy: Rebuilding, id: ValueId, user: Node): Product {
    if (!this.isProduct(id, user)) return { factors: [copy.value(id)], over: [] };
    const node = at(this.program.nodes, id);
    if (node.op !== "relabel") return this.product(copy, node);
    const inner = this.product(copy, at(this.program.nodes, at(node.operands, 0)));
    return relabelled(copy, node, inner);
  }

  /** The contraction in its simplest form: what the sum does not connect is multiplied outside of it. */
  private contracted(
    copy: Rebuilding,
    node: Node,
    factors: readonly ValueId[],
    over: readonly DimId[],
  ): ValueId | null {
    const { b } = copy;
    if (over.some((dim) => b.size(dim) === 0)) return null;
    const groups = connected(factors, over, (factor) => b.dimsOf(factor));
    const asBefore = groups.length === 1 && node.op === "contract" && node.operands.length === factors.length;
    if (asBefore) return null;
    this.changes++;
    return groups
      .map((group) => {
        const dims = union(...group.map((factor) => b.dimsOf(factor)));
        const summed = over.filter((dim) => dims.includes(dim));
        return summed.length === 0 ? group.reduce((x, y) => b.mul(x, y)) : b.contract(group, summed);
      })
      .reduce((x, y) => b.mul(x, y));
  }
}

/** The same product with fresh labels for the dims it is summed over, so that they are not taken for others. */
function withFreshSums(copy: Rebuilding, { factors, over }: Product, taken: readonly DimId[]): Product {
  const { b } = copy;
  if (!over.some((dim) => taken.includes(dim))) return { factors, over };
  const to = over.map((dim) => (taken.includes(dim) ? b.copyOf(dim) : dim));
  return { factors: factors.map((factor) => renamed(copy, factor, over, to)), over: to };
}

function renamed(copy: Rebuilding, value: ValueId, from: readonly DimId[], to: readonly DimId[]): ValueId {
  const has = from.map((dim) => copy.b.dimsOf(value).includes(dim));
  const kept = (dims: readonly DimId[]): DimId[] => dims.filter((_, k) => has[k]);
  return copy.b.relabel(value, kept(from), kept(to));
}

/** A renaming of a sum of products is one of its factors; dims that are summed keep out of its way. */
function relabelled(copy: Rebuilding, node: Node & { readonly op: "relabel" }, inner: Product): Product {
  const { from, to } = renameDims<"relabel">(node.attributes, copy.dim);
  const apart = withFreshSums(copy, inner, to);
  return { factors: apart.factors.map((factor) => renamed(copy, factor, from, to)), over: apart.over };
}

/** The factors in groups that share dims of the sum, directly or through others. */
function connected(
  factors: readonly ValueId[],
  over: readonly DimId[],
  dimsOf: (factor: ValueId) => readonly DimId[],
): ValueId[][] {
  let groups: { factors: ValueId[]; dims: readonly DimId[] }[] = [];
  for (const factor of factors) {
    const dims = dimsOf(factor).filter((dim) => over.includes(dim));
    const touching = groups.filter((group) => group.dims.some((dim) => dims.includes(dim)));
    const rest = groups.filter((group) => !touching.includes(group));
    const merged = {
      factors: [...touching.flatMap((g) => g.factors), factor],
      dims: union(dims, ...touching.map((g) => g.dims)),
    };
    groups = [...rest, merged];
  }
  return groups.map((group) => group.factors);
}
