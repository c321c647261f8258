/**
 * Counts of coincidences as histograms: a sum of `x == k and …` over many entries, for each of many k, looks at each entry once and adds
 * to the place that it names, in place of comparing every entry with every k.
 */
import type { Builder } from "./builder.js";
import { factorsOf } from "./coincidences.js";
import { without } from "./dims.js";
import { at } from "./fault.js";
import type { Rebuilding } from "./rebuild.js";
import { rebuild } from "./rebuild.js";
import type { DimId, NodeOf, Program, ValueId } from "./types.js";

/** Comparisons from which on a histogram is faster, and takes far less memory. */
const MANY_COMPARISONS = 2 ** 24;
/** Engines compare up to so many places all the same. */
const FEW_PLACES = 32;

export function countByPlaces(program: Program, least = MANY_COMPARISONS): Program {
  return rebuild(program, (copy, node) => (node.op === "reduce_sum" ? histogram(copy, program, node, least) : null));
}

/** `index == position along dim`. */
interface Place {
  readonly dim: DimId;
  readonly index: ValueId;
}

function histogram(copy: Rebuilding, program: Program, node: NodeOf<"reduce_sum">, least: number): ValueId | null {
  const counted = at(program.nodes, at(node.operands, 0));
  if (counted.op !== "cast") return null;
  const { b } = copy;
  const over = node.attributes.over.map(copy.dim);
  const conditions = factorsOf(b, copy.value(at(counted.operands, 0)));
  const found = conditions.map((condition) => placeOf(b, condition, over));
  const isAlone = ({ dim }: Place, own: number): boolean =>
    conditions.every((condition, k) => k === own || !b.dimsOf(condition).includes(dim));
  const places = found.map((place, k) => (place !== null && isAlone(place, k) ? place : null));
  const taken = places.filter((place) => place !== null);
  const size = taken.reduce((product, { dim }) => product * b.size(dim), 1);
  const entries = over.reduce((product, dim) => product * b.size(dim), 1);
  if (size <= FEW_PLACES || size * entries < least || size > 2 ** 31 - 1) return null;
  const inside = taken.flatMap(({ dim, index }) => [
    b.ge(index, b.constant(0, "i32")),
    b.lt(index, b.constant(b.size(dim), "i32")),
  ]);
  const rest = [...conditions.filter((_, k) => places[k] === null), ...inside].reduce((x, y) => b.and(x, y));
  const one = b.constant(1, node.type.dtype);
  const updates = b.select(rest, one, b.number(0, one));
  const number = taken.reduce(
    (before, { dim, index }) => b.add(b.mul(before, b.constant(b.size(dim), "i32")), index),
    b.constant(0, "i32"),
  );
  const all = b.dim("place", size);
  const reached = [...new Set([...b.dimsOf(updates), ...b.dimsOf(number)])];
  if (over.some((dim) => !reached.includes(dim))) return null;
  const counts = b.scatterAdd(b.broadcast(updates, reached), number, all, over);
  const split = b.split(
    counts,
    all,
    taken.map(({ dim }) => dim),
  );
  return b.broadcast(split, node.type.dims.map(copy.dim));
}

function placeOf(b: Builder, condition: ValueId, over: readonly DimId[]): Place | null {
  const node = b.node(condition);
  if (node.op !== "eq") return null;
  const [x, y] = [at(node.operands, 0), at(node.operands, 1)];
  for (const [positions, index] of [
    [x, y],
    [y, x],
  ] as const) {
    const [dim, ...others] = b.node(positions).op === "iota" ? b.dimsOf(positions) : [];
    if (dim === undefined || others.length > 0 || over.includes(dim) || b.dtypeOf(index) !== "i32") continue;
    const own = b.dimsOf(index);
    if (!own.includes(dim) && without(own, over).length < own.length) return { dim, index };
  }
  return null;
}
