/** Quantifiers over nothing: a `where` that no coordinate passes, or an axis without positions. */
import type { Experiment } from "../../typed.js";
import type { AnalysisNode, AxisNode } from "../ir.js";
import { allNodes } from "../nodes.js";
import type { ResultRanges } from "./ranges.js";

/** Combinations of coordinates that are tried. */
const MOST_POINTS = 20_000;

export class Emptiness {
  constructor(
    private readonly experiment: Experiment,
    private readonly ranges: ResultRanges,
  ) {}

  /** Whether a condition is false at all coordinates, whatever the results are. */
  isNever(where: AnalysisNode): boolean {
    const axes = allNodes([where]).filter((node) => node.kind === "axis");
    const all = new Map<string, readonly number[]>();
    for (const node of axes) {
      const own = node.position ? null : this.coordinatesOf(node);
      const before = all.get(node.axis.label);
      if (own === null) return false;
      all.set(node.axis.label, before === undefined ? own : before.filter((value) => own.includes(value)));
    }
    // Without an axis it is a condition on results alone.
    if (all.size === 0) return false;
    const count = [...all.values()].reduce((product, list) => product * list.length, 1);
    if (count > MOST_POINTS) return false;
    let points: ReadonlyMap<string, number>[] = [new Map()];
    for (const [label, values] of all)
      points = points.flatMap((point) => values.map((value) => new Map([...point, [label, value]])));
    return points.every((point) => evaluate(where, point) === 0);
  }

  /** The coordinates of a node's axis in the whole plan; null where they are not known. */
  coordinatesOf({ axis, coordinates }: AxisNode): readonly number[] | null {
    const known = this.ranges.coordinates;
    if (coordinates.kind === "known") return coordinates.values;
    if (coordinates.kind === "span") return null;
    if (axis.kind !== "step") return axis.axis === null ? null : known.of(axis.axis);
    const lists = coordinates.columns.map(({ phase, result }) => {
      const found = this.experiment.phases.find(({ name }) => name === phase);
      return found === undefined ? null : known.steps(found, result);
    });
    const given = lists.filter((list) => list !== null);
    return given.length === 0 || given.length < lists.length ? null : [...new Set(given.flat())];
  }
}

/** Null where it takes a result. */
function evaluate(node: AnalysisNode, point: ReadonlyMap<string, number>): number | null {
  switch (node.kind) {
    case "constant":
      return node.value;
    case "axis":
      return point.get(node.axis.label) ?? null;
    case "in": {
      const value = evaluate(node.operand, point);
      return value === null ? null : Number(node.values.some((other) => same(other, value)));
    }
    case "apply": {
      const [a = null, b = null] = node.operands.map((operand) => evaluate(operand, point));
      if (node.operation === "and" && (a === 0 || b === 0)) return 0;
      if (node.operation === "or" && ((a !== null && a !== 0) || (b !== null && b !== 0))) return 1;
      if (a === null) return null;
      const unary = unaries[node.operation];
      if (unary !== undefined) return unary(a);
      const binary = binaries[node.operation];
      return b === null || binary === undefined ? null : Number(binary(a, b));
    }
    default:
      return null;
  }
}

const same = (a: number, b: number): boolean => a === b || Math.abs(a - b) <= 1e-9 * Math.min(Math.abs(a), Math.abs(b));

const unaries: Readonly<Record<string, (a: number) => number>> = {
  not: (a) => Number(a === 0),
  neg: (a) => -a,
  abs: Math.abs,
  real: (a) => a,
};
const binaries: Readonly<Record<string, (a: number, b: number) => number | boolean>> = {
  and: (a, b) => a !== 0 && b !== 0,
  or: (a, b) => a !== 0 || b !== 0,
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  eq_coordinate: same,
  ne_coordinate: (a, b) => !same(a, b),
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  mod: (a, b) => a - b * Math.floor(a / b),
};
