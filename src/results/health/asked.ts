/**
 * What the `where` of an expectation leaves of doubts: a comparison at a point that nothing is asked of decides nothing.
 * A name that is bound on the way from the condition to the comparison is another one than that of the `where`.
 */
import type { AnalysisNode, CheckedExpectation } from "../../language/results/index.js";
import { CoordinateFinder } from "../analysis/align.js";
import type { Analysis } from "../analysis/evaluate.js";
import { reduceTensor } from "../analysis/reduce.js";
import { ABSENT, VALID, stridesOf } from "../analysis/tensor.js";
import type { Tensor } from "../analysis/tensor.js";
import { childrenOf } from "../analysis/walk.js";
import type { ResultAxis } from "../types.js";
import type { Doubt } from "./doubts.js";

/** The doubts with the places of which something is asked; those of comparisons in the `where` itself as they are. */
export function askedOf(
  { condition, where }: CheckedExpectation,
  doubts: readonly Doubt[],
  analysis: Analysis,
): readonly Doubt[] {
  if (where === null) return doubts;
  const mask = analysis.evaluate(where);
  const inside = new Map<number, Set<string>>();
  collect(condition, new Set(), inside);
  return doubts.map((doubt) => {
    const bound = inside.get(doubt.comparison.node.id);
    if (bound === undefined) return doubt;
    const isAsked = askedAt(mask, doubt.distances.axes, bound);
    return {
      ...doubt,
      places: doubt.places.filter((place) => isAsked(Math.floor(place / Math.max(1, doubt.distances.each)))),
    };
  });
}

/** By node the names that are bound somewhere between it and the root. */
function collect(node: AnalysisNode, bound: ReadonlySet<string>, found: Map<number, Set<string>>): void {
  const known = found.get(node.id);
  if (known !== undefined && [...bound].every((name) => known.has(name))) return;
  const all = new Set([...(known ?? []), ...bound]);
  found.set(node.id, all);
  const inner = new Set([...all, ...boundBy(node)]);
  for (const part of childrenOf(node)) collect(part, inner, found);
}

function boundBy(node: AnalysisNode): readonly string[] {
  switch (node.kind) {
    case "reduce":
    case "statistic":
      return node.over;
    case "scan":
      return node.over;
    case "select":
      return [node.axis, ...(node.selection.kind === "rename" ? [node.selection.to.label] : [])];
    default:
      return [];
  }
}

/** Whether something is asked at an entry over `axes`, anywhere along what else the `where` varies with. */
function askedAt(mask: Tensor, axes: readonly ResultAxis[], bound: ReadonlySet<string>): (entry: number) => boolean {
  const own = (axis: ResultAxis): boolean => !bound.has(axis.name) && axes.some(({ name }) => name === axis.name);
  const over = mask.axes.flatMap((axis) => (own(axis) ? [] : [axis.name]));
  const options = { over, parameter: null, ofBools: true, skipMissing: false };
  const anywhere = over.length === 0 ? mask : reduceTensor("any", mask, null, options);
  const strides = stridesOf(axes);
  const places = stridesOf(anywhere.axes);
  const maps = anywhere.axes.map((axis, k) => {
    const at = axes.findIndex(({ name }) => name === axis.name);
    const finder = new CoordinateFinder(axis.coordinates);
    const coordinates = axes[at]?.coordinates ?? [];
    const offsets = coordinates.map((value) => finder.find(value));
    return { stride: strides[at] ?? 1, length: coordinates.length, offsets, place: places[k] ?? 1 };
  });
  return (entry) => {
    let at = 0;
    for (const { stride, length, offsets, place } of maps) {
      const offset = offsets[Math.floor(entry / stride) % length] ?? -1;
      if (offset < 0) return false;
      at += offset * place;
    }
    const state = anywhere.states[at] ?? VALID;
    return state !== ABSENT && !(state === VALID && anywhere.values[at] === 0);
  };
}
