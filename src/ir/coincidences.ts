/**
 * Counts of what is true at once as products of matrices: where no condition has all dims, `count(k) (a[i, k] and b[j, k])` is the sum of
 * products of ones and zeros, which engines have the fastest code for, and `any(k)` whether it is above 0. Both are exact.
 */
import type { Builder } from "./builder.js";
import { entryCount, union, without } from "./dims.js";
import { splat } from "./fold.js";
import { at } from "./fault.js";
import type { Rebuilding } from "./rebuild.js";
import { rebuild } from "./rebuild.js";
import type { DimId, NodeOf, Program, ValueId } from "./types.js";

/** Comparisons from which on a product is faster. */
const MANY_COMPARISONS = 2 ** 16;
/** Counts below it are exact in single precision. */
const EXACT = 2 ** 24;

export function countByProducts(program: Program, least = MANY_COMPARISONS): Program {
  return rebuild(program, (copy, node) => {
    if (node.op === "reduce_any") return anyAtOnce(copy, program, node, least);
    return node.op === "reduce_sum" ? countAtOnce(copy, program, node, least) : null;
  });
}

function countAtOnce(copy: Rebuilding, program: Program, node: NodeOf<"reduce_sum">, least: number): ValueId | null {
  const { b } = copy;
  const counted = at(program.nodes, at(node.operands, 0));
  if (counted.op !== "cast" && counted.op !== "select") return null;
  const [condition = -1, ...values] = counted.operands.map((operand) => copy.value(operand));
  if (b.dtypeOf(condition) !== "bool" || values.some((value, k) => splat(b, value) !== 1 - k)) return null;
  const count = products(copy, condition, node, least);
  return count === null ? null : shaped(copy, node, b.cast(count, node.type.dtype));
}

function anyAtOnce(copy: Rebuilding, program: Program, node: NodeOf<"reduce_any">, least: number): ValueId | null {
  const { b } = copy;
  const count = products(copy, copy.value(at(node.operands, 0)), node, least);
  return count === null ? null : shaped(copy, node, b.gt(count, b.number(0, count)));
}

const shaped = (copy: Rebuilding, node: NodeOf<"reduce_any" | "reduce_sum">, value: ValueId): ValueId =>
  copy.b.broadcast(value, node.type.dims.map(copy.dim));

/** How often all factors of a condition are true along the dims of the reduction; null where a product is not faster. */
function products(
  copy: Rebuilding,
  condition: ValueId,
  node: NodeOf<"reduce_any" | "reduce_sum">,
  least: number,
): ValueId | null {
  const { b } = copy;
  const over = node.attributes.over.map(copy.dim);
  const factors = merged(b, factorsOf(b, condition));
  const dims = union(...factors.map((factor) => b.dimsOf(factor)));
  const isMatrix = (factor: ValueId): boolean => without(dims, b.dimsOf(factor)).some((dim) => b.size(dim) > 1);
  if (factors.length < 2 || !factors.every(isMatrix) || over.some((dim) => !dims.includes(dim))) return null;
  const entries = entryCount(over, b);
  if (entries >= EXACT || entryCount(dims, b) < least) return null;
  return b.contract(
    factors.map((factor) => b.cast(factor, "f32")),
    over,
  );
}

/** What has to be true at once. */
export function factorsOf(b: Builder, condition: ValueId): readonly ValueId[] {
  const node = b.node(condition);
  if (node.op === "and") return node.operands.flatMap((operand) => factorsOf(b, operand));
  return node.op === "broadcast" ? factorsOf(b, at(node.operands, 0)) : [condition];
}

/** A factor whose dims another one has too is a part of that one. */
function merged(b: Builder, factors: readonly ValueId[]): readonly ValueId[] {
  const within = (inner: readonly DimId[], outer: readonly DimId[]): boolean =>
    inner.every((dim) => outer.includes(dim));
  const byRank = [...factors].sort((x, y) => b.dimsOf(y).length - b.dimsOf(x).length);
  return byRank.reduce<readonly ValueId[]>((found, factor) => {
    const place = found.findIndex((other) => within(b.dimsOf(factor), b.dimsOf(other)));
    return place < 0 ? [...found, factor] : found.map((other, k) => (k === place ? b.and(other, factor) : other));
  }, []);
}
