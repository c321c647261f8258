/**
 * Where numbers meet in a condition: comparisons, and `increasing`/`decreasing`, which compare neighbours. Each as signed
 * distances: positive where the comparison holds with room to spare, 0 or less where it fails or is just met.
 */
import type { AnalysisNode, ApplyNode, StatisticNode } from "../../language/results/index.js";
import { align, arrange, ascending, commonAxes } from "../analysis/align.js";
import type { Analysis } from "../analysis/evaluate.js";
import { VALID, sizeOf } from "../analysis/tensor.js";
import type { Tensor } from "../analysis/tensor.js";
import { nodesIn } from "../analysis/walk.js";
import type { ResultAxis } from "../types.js";

/** How a comparison treats sides that are equal, and what it asks for. */
type Kind =
  /** `<`, `>`, neighbours: equal sides fail. */
  | "strict"
  /** `<=`, `>=`: equal sides hold. */
  | "order"
  | "equal"
  | "unequal"
  /** `approx`, and `abs(x) < c`: from both sides. */
  | "band";

export interface Comparison {
  readonly node: ApplyNode | StatisticNode;
  readonly kind: Kind;
  /** What is compared: two sides (and a tolerance), or the one whose neighbours are. */
  readonly operands: readonly AnalysisNode[];
}

/** Numbers behind truth values: `each` of them behind every one, together. */
export interface Meetings {
  /** The axes of the truth values. */
  readonly axes: readonly ResultAxis[];
  readonly each: number;
  readonly values: Float64Array;
  /** 1 where all operands are valid. */
  readonly known: Uint8Array;
}

const KINDS: Readonly<Record<string, Kind>> = {
  lt: "strict",
  gt: "strict",
  le: "order",
  ge: "order",
  eq: "equal",
  ne: "unequal",
  approx_rel: "band",
  approx_abs: "band",
};

/** Of more comparisons at once nothing is looked at: it would take longer than all the rest. */
const MOST_MEETINGS = 10_000_000;

/** All comparisons of numbers that the nodes are made of. */
export function comparisonsIn(roots: readonly AnalysisNode[], analysis: Analysis): readonly Comparison[] {
  const found = nodesIn(roots).flatMap((node): readonly Comparison[] => {
    if (node.kind === "apply") {
      const kind = KINDS[node.operation];
      const [left] = node.operands;
      if (kind === undefined || left?.type.kind !== "number") return [];
      return [{ node, kind: isBand(node) ? "band" : kind, operands: node.operands }];
    }
    const monotone = node.kind === "statistic" && (node.statistic === "increasing" || node.statistic === "decreasing");
    return monotone && node.where === null && node.over.length === 1
      ? [{ node, kind: "strict", operands: node.operands }]
      : [];
  });
  const sizeIn = ({ operands }: Comparison): number =>
    sizeOf(commonAxes(operands.map((operand) => analysis.evaluate(operand))));
  return found.filter((comparison) => sizeIn(comparison) <= MOST_MEETINGS);
}

/** `abs(x) < c` asks for x from both sides. */
function isBand({ operation, operands }: ApplyNode): boolean {
  const [small, large] = operation === "lt" || operation === "le" ? operands : [...operands].reverse();
  const isAbs = small?.kind === "apply" && small.operation === "abs";
  return ["lt", "le", "gt", "ge"].includes(operation) && isAbs && large !== undefined;
}

export function distancesOf(comparison: Comparison, analysis: Analysis): Meetings {
  const tensors = comparison.operands.map((operand) => analysis.evaluate(operand));
  const { node } = comparison;
  if (node.kind === "statistic") {
    const sign = node.statistic === "increasing" ? 1 : -1;
    return meet(comparison, tensors, (before, after) => sign * apart(after, before));
  }
  return meet(comparison, tensors, DISTANCES[node.operation] ?? (() => NaN));
}

/** a - b, also where both are the same infinity. */
const apart = (a: number, b: number): number => (a === b ? 0 : a - b);

const DISTANCES: Readonly<Record<string, (a: number, b: number, c: number) => number>> = {
  lt: (a, b) => apart(b, a),
  le: (a, b) => apart(b, a),
  gt: apart,
  ge: apart,
  eq: (a, b) => -Math.abs(apart(a, b)),
  ne: (a, b) => Math.abs(apart(a, b)),
  approx_abs: (a, b, tolerance) => tolerance - Math.abs(apart(a, b)),
  approx_rel: (a, b, tolerance) => tolerance * Math.abs(b) - Math.abs(apart(a, b)),
};

/** Combines operands where they meet; `tensors` have the axes of the comparison's operands. */
export function meet(
  { node }: Comparison,
  tensors: readonly Tensor[],
  combine: (a: number, b: number, c: number) => number,
): Meetings {
  return node.kind === "apply" ? meetSides(tensors, combine) : meetNeighbours(node, tensors, combine);
}

function meetSides(tensors: readonly Tensor[], combine: (a: number, b: number, c: number) => number): Meetings {
  const { axes, tensors: aligned } = align(tensors);
  const size = sizeOf(axes);
  const values = new Float64Array(size);
  const known = new Uint8Array(size);
  const [a, b, c] = aligned;
  for (let i = 0; i < size; i++) {
    const value = combine(a?.values[i] ?? NaN, b?.values[i] ?? NaN, c?.values[i] ?? 0);
    const state = (a?.states[i] ?? VALID) | (b?.states[i] ?? VALID) | (c?.states[i] ?? VALID);
    values[i] = value;
    known[i] = Number(state === VALID && !Number.isNaN(value));
  }
  return { axes, each: 1, values, known };
}

function meetNeighbours(
  { over }: StatisticNode,
  [tensor]: readonly Tensor[],
  combine: (before: number, after: number, nothing: number) => number,
): Meetings {
  const along = tensor?.axes.find((axis) => axis.name === over[0]);
  const axes = (tensor?.axes ?? []).filter((axis) => axis !== along);
  const length = along?.coordinates.length ?? 0;
  const each = Math.max(0, length - 1);
  const size = sizeOf(axes) * each;
  const [values, known] = [new Float64Array(size), new Uint8Array(size)];
  if (tensor === undefined || along === undefined) return { axes, each, values, known };
  const lanes = arrange(tensor, [...axes, ascending(along)]);
  for (let i = 0; i < size; i++) {
    const at = Math.floor(i / each) * length + (i % each);
    values[i] = combine(lanes.values[at] ?? NaN, lanes.values[at + 1] ?? NaN, 0);
    known[i] = Number(lanes.states[at] === VALID && lanes.states[at + 1] === VALID && !Number.isNaN(values[i]));
  }
  return { axes, each, values, known };
}

/** Whether the comparison holds at a distance. */
export const holdsAt = ({ kind }: Comparison, distance: number): boolean =>
  distance > 0 || (distance === 0 && (kind === "order" || kind === "equal" || kind === "band"));
