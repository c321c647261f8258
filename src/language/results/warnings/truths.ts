/** What is known of a condition before anything runs: that it always holds, that it never does, and why. */
import { alike } from "../../ranges/alike.js";
import type { Range } from "../../ranges/range.js";
import type { AnalysisNode, ApplyNode } from "../ir.js";
import { allNodes } from "../nodes.js";
import { places, type ResultRanges } from "./ranges.js";

export interface Known {
  readonly holds: boolean;
  readonly why: string;
  /** What it is known of. */
  readonly about: AnalysisNode;
}

type Text = (node: AnalysisNode) => string;

/** Null where results decide. */
export function knownOf(node: AnalysisNode, ranges: ResultRanges, text: Text): Known | null {
  const of = (part: AnalysisNode): Known | null => knownOf(part, ranges, text);
  switch (node.kind) {
    case "constant":
      return { holds: node.value !== 0, why: "no result is in it", about: node };
    case "select":
    case "expand":
      return of(node.body);
    case "choose": {
      const arms = node.arms.map(of);
      const [first] = arms;
      return first !== undefined && arms.every((arm) => arm?.holds === first?.holds) ? (first ?? null) : null;
    }
    case "reduce": {
      if (node.reducer !== "all" && node.reducer !== "any") return null;
      const body = of(node.body);
      // Over nothing `all` holds and `any` does not.
      return body?.holds === (node.reducer === "all") ? body : null;
    }
    case "apply":
      return ofApply(node, of) ?? ofComparison(node, ranges, text);
    default:
      return null;
  }
}

function ofApply({ operation, operands }: ApplyNode, of: (part: AnalysisNode) => Known | null): Known | null {
  const [first = null, second = null] = operands.map((operand) =>
    ["and", "or", "not"].includes(operation) ? of(operand) : null,
  );
  if (operation === "not") return first === null ? null : { ...first, holds: !first.holds };
  if (operation !== "and" && operation !== "or") return null;
  const deciding = operation === "or";
  if (first?.holds === deciding) return first;
  if (second?.holds === deciding) return second;
  return first !== null && second !== null ? first : null;
}

/** Whether a comparison holds where its sides are the same. */
const reflexive: Readonly<Record<string, boolean>> = {
  eq: true,
  le: true,
  ge: true,
  eq_coordinate: true,
  approx_rel: true,
  approx_abs: true,
  ne: false,
  lt: false,
  gt: false,
  ne_coordinate: false,
};

function ofComparison(node: ApplyNode, ranges: ResultRanges, text: Text): Known | null {
  const { operation, operands } = node;
  const [left, right] = operands;
  const same = reflexive[operation];
  if (same === undefined || left === undefined || right === undefined) return null;
  // Of constants and coordinates alone it is known as well, but `--set` may change them.
  if (!allNodes([left, right]).some(({ kind }) => kind === "column")) return null;
  if (alike(left, right, places)) return { holds: same, why: "both sides are the same expression", about: left };
  if (left.type.kind !== "number" || right.type.kind !== "number") return null;
  const [a, b] = [ranges.of(left), ranges.of(right)];
  const [below, above] = [lessThan(a, b), lessThan(b, a)];
  const bounded = (isBelow: boolean, holds: boolean): Known => ({
    holds,
    ...whyBounded(left, right, a, b, isBelow, text),
  });
  switch (operation) {
    case "lt":
      return below === "strict" ? bounded(true, true) : above !== null ? bounded(false, false) : null;
    case "le":
      return below !== null ? bounded(true, true) : above === "strict" ? bounded(false, false) : null;
    case "gt":
      return above === "strict" ? bounded(false, true) : below !== null ? bounded(true, false) : null;
    case "ge":
      return above !== null ? bounded(false, true) : below === "strict" ? bounded(true, false) : null;
    case "eq":
      return below === "strict" ? bounded(true, false) : above === "strict" ? bounded(false, false) : null;
    case "ne":
      return below === "strict" ? bounded(true, true) : above === "strict" ? bounded(false, true) : null;
    default:
      return null;
  }
}

/** Whether all of one lies below all of the other, or touches it. */
function lessThan(a: Range, b: Range): "strict" | "touching" | null {
  if (a.high < b.low) return "strict";
  return a.high === b.low && Number.isFinite(a.high) ? "touching" : null;
}

function whyBounded(
  left: AnalysisNode,
  right: AnalysisNode,
  a: Range,
  b: Range,
  isBelow: boolean,
  text: Text,
): Omit<Known, "holds"> {
  const above = (node: AnalysisNode, { high }: Range): string => `\`${text(node)}\` is never above ${shown(high)}`;
  const below = (node: AnalysisNode, { low }: Range): string => `\`${text(node)}\` is never below ${shown(low)}`;
  const parts = isBelow ? [above(left, a), below(right, b)] : [below(left, a), above(right, b)];
  const [first = "", second = ""] = parts;
  if (right.kind === "constant") return { why: first, about: left };
  if (left.kind === "constant") return { why: second, about: right };
  return { why: `${first}, and ${second}`, about: left };
}

const shown = (bound: number): string => String(Number(bound.toPrecision(6)));
