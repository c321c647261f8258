/**
 * Means over seeds inside of an expression, taken apart: the same expression for each seed, whose mean it is. That is so where
 * nothing but sums, differences, constant factors and selections stands around them. Seeds are paired: both sides of a
 * comparison have the same ones.
 */
import type { AnalysisNode, ReduceNode } from "../../language/results/index.js";
import { applyOperation } from "../analysis/elementwise.js";
import type { Analysis } from "../analysis/evaluate.js";
import { reduceTensor } from "../analysis/reduce.js";
import type { Tensor } from "../analysis/tensor.js";
import { nodesIn } from "../analysis/walk.js";

export const SEED = "seed";

export interface PerSeed {
  /** Over `seed` where it is a mean; without where it is none. */
  readonly values: Tensor;
  /** Which seeds are averaged, where not all; the same for all means. */
  readonly where: AnalysisNode | null;
  readonly isMean: boolean;
  /** Whether it is nothing but the share of seeds for which something is true. */
  readonly isShare: boolean;
}

/** Null where the expression is no mean over seeds of anything. */
export function perSeed(node: AnalysisNode, analysis: Analysis): PerSeed | null {
  if (!touchesSeeds(node)) return { values: analysis.evaluate(node), where: null, isMean: false, isShare: false };
  const of = (part: AnalysisNode): PerSeed | null => perSeed(part, analysis);
  if (node.kind === "reduce" && node.over.includes(SEED)) return ofMean(node, analysis);
  if (node.kind === "reduce" && (node.reducer === "mean" || node.reducer === "sum")) {
    const body = of(node.body);
    if (body === null || (node.where !== null && touchesSeeds(node.where))) return null;
    const where = node.where === null ? null : analysis.evaluate(node.where);
    const options = { over: node.over, parameter: null, ofBools: false, skipMissing: node.skipMissing };
    return { ...body, isShare: false, values: reduceTensor(node.reducer, body.values, where, options) };
  }
  if (node.kind === "select") {
    const body = of(node.body);
    if (body === null || node.axis === SEED || ("value" in node.selection && touchesSeeds(node.selection.value)))
      return null;
    return { ...body, values: analysis.select(node, body.values) };
  }
  if (node.kind !== "apply") return null;
  const [left, right] = node.operands;
  const first = left === undefined ? null : of(left);
  if (first === null) return null;
  if (right === undefined)
    return node.operation === "neg" || node.operation === "real"
      ? { ...first, isShare: false, values: applyOperation(node.operation, [first.values]) }
      : null;
  const second = of(right);
  if (second === null) return null;
  const isLinear =
    node.operation === "add" ||
    node.operation === "sub" ||
    (node.operation === "mul" && !(first.isMean && second.isMean)) ||
    (node.operation === "div" && !second.isMean);
  return isLinear ? together(first, second, applyOperation(node.operation, [first.values, second.values])) : null;
}

/** `mean(seed) x` and `fraction(seed) c`, over `seed` alone. */
function ofMean(node: ReduceNode, analysis: Analysis): PerSeed | null {
  const isShare = node.reducer === "fraction" || (node.reducer === "mean" && node.body.type.kind === "bool");
  if (node.over.length !== 1 || node.skipMissing || (!isShare && node.reducer !== "mean")) return null;
  if (touchesSeeds(node.body) || (node.where !== null && touchesSeeds(node.where))) return null;
  const values = analysis.evaluate(node.body);
  // The same for every seed: no sample.
  if (!values.axes.some((axis) => axis.name === SEED)) return null;
  return { values, where: node.where, isMean: true, isShare };
}

/** Two parts of a difference or product; means must be over the same seeds. */
export function together(first: PerSeed, second: PerSeed, values: Tensor): PerSeed | null {
  const isMean = first.isMean || second.isMean;
  if (first.isMean && second.isMean && first.where?.id !== second.where?.id) return null;
  // Beside a mean, what differs from seed to seed is another claim for each seed.
  const isLoose = (part: PerSeed): boolean => !part.isMean && part.values.axes.some((axis) => axis.name === SEED);
  if (isMean && (isLoose(first) || isLoose(second))) return null;
  return { values, isMean, isShare: false, where: first.isMean ? first.where : second.where };
}

/** Whether seeds are reduced somewhere in it. */
function touchesSeeds(node: AnalysisNode): boolean {
  return nodesIn([node]).some(
    (part) =>
      ((part.kind === "reduce" || part.kind === "statistic") && part.over.includes(SEED)) ||
      (part.kind === "scan" && part.over.includes(SEED)),
  );
}
