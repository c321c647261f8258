/** The number behind an expectation: its comparison at the worst point, and how far that is from the threshold. */
import type { Atom, CheckedExpectation } from "../../language/results/index.js";
import { align } from "../analysis/align.js";
import type { Analysis } from "../analysis/evaluate.js";
import { applyOperation } from "../analysis/elementwise.js";
import { VALID, stridesOf } from "../analysis/tensor.js";
import type { Tensor } from "../analysis/tensor.js";
import type { Expectation } from "../chart-types.js";
import type { ResultAxis } from "../types.js";

export interface Measured {
  readonly measured: NonNullable<Expectation["measured"]>;
  readonly point: Expectation["worst"];
}

interface Worst extends Measured {
  /** The distance in units of the numbers compared: tells which of several comparisons is nearest to failing. */
  readonly score: number;
  /** Whether the comparison fails there. */
  readonly fails: boolean;
}

/** The comparison with the least distance; where the expectation fails, among those that fail. Null without comparisons. */
export function measure(
  expectation: CheckedExpectation,
  mask: Tensor | null,
  failing: boolean,
  analysis: Analysis,
): Measured | null {
  const found = expectation.atoms.flatMap((atom) => worstOf(atom, mask, analysis) ?? []);
  const candidates = failing && found.some((one) => one.fails) ? found.filter((one) => one.fails) : found;
  let worst: Worst | undefined;
  for (const one of candidates) if (worst === undefined || one.score < worst.score) worst = one;
  return worst === undefined ? null : { measured: worst.measured, point: worst.point };
}

function worstOf(atom: Atom, mask: Tensor | null, analysis: Analysis): Worst | null {
  const left = analysis.evaluate(atom.left);
  const right = atom.right === null ? null : analysis.evaluate(atom.right);
  const tolerance = atom.tolerance === null ? null : analysis.evaluate(atom.tolerance.node);
  const inner = atom.where === null ? null : analysis.evaluate(atom.where);
  const where = mask !== null && inner !== null ? applyOperation("and", [mask, inner]) : (mask ?? inner);
  const operands = [left, right, tolerance].filter((part) => part !== null);
  const { axes, tensors } = align(where === null ? operands : [...operands, where]);
  const masks = where === null ? undefined : tensors.at(-1);
  const values = where === null ? tensors : tensors.slice(0, -1);
  let best = -1;
  let least = Infinity;
  const size = values[0]?.values.length ?? 0;
  for (let i = 0; i < size; i++) {
    if (masks !== undefined && (masks.states[i] !== VALID || masks.values[i] === 0)) continue;
    if (values.some((part) => part.states[i] !== VALID)) continue;
    const score = scaled(atom, values, i);
    if (best < 0 || score < least) {
      best = i;
      least = score;
    }
  }
  if (best < 0) return null;
  const at = (k: number): number | null => values[k]?.values[best] ?? null;
  const distance = distanceOf(atom, values, best);
  return {
    score: least,
    fails: distance < 0 || (distance === 0 && ["<", ">", "!="].includes(atom.comparator)),
    measured: {
      left: atom.leftText,
      comparator: atom.comparator,
      right: atom.rightText,
      leftValue: at(0),
      rightValue: right === null ? null : at(1),
      distance: Number.isFinite(distance) ? distance : null,
    },
    point: coordinatesAt(axes, best),
  };
}

/** Positive where the comparison holds with room to spare, negative where it fails. */
function distanceOf(atom: Atom, values: readonly Tensor[], i: number): number {
  const left = values[0]?.values[i] ?? NaN;
  if (atom.comparator === "in") return -Math.min(...(atom.values ?? []).map((value) => Math.abs(left - value)));
  const right = values[1]?.values[i] ?? NaN;
  // Infinite sides that are equal are no distance apart.
  const apart = left === right ? 0 : Math.abs(left - right);
  switch (atom.comparator) {
    case "<":
    case "<=":
      return left === right ? 0 : right - left;
    case ">":
    case ">=":
      return left === right ? 0 : left - right;
    case "==":
      return -apart;
    case "!=":
      return apart;
    case "approx": {
      const tolerance = values[2]?.values[i] ?? 0;
      return (atom.tolerance?.relative === true ? tolerance * Math.abs(right) : tolerance) - apart;
    }
  }
}

function scaled(atom: Atom, values: readonly Tensor[], i: number): number {
  const distance = distanceOf(atom, values, i);
  const size = Math.max(Math.abs(values[0]?.values[i] ?? 0), Math.abs(values[1]?.values[i] ?? 0));
  if (!Number.isFinite(distance)) return distance;
  return size > 0 && Number.isFinite(size) ? distance / size : distance;
}

/** An entry's place: each axis with its coordinate, labels by name. Ranges are shown under the name that was written. */
export function coordinatesAt(axes: readonly ResultAxis[], entry: number): Expectation["worst"] {
  const strides = stridesOf(axes);
  return axes.map((axis, k) => {
    const position = Math.floor(entry / (strides[k] ?? 1)) % axis.coordinates.length;
    const value = axis.coordinates[position] ?? NaN;
    return { axis: axis.name.replace(/#.*$/, ""), coordinate: axis.labels?.[value] ?? value };
  });
}
