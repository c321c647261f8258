/** What ints may be, before any run: proofs that subscripts stay inside their axes. */
import { UserError } from "../base/diagnostic.js";
import { axisSize, evaluateConstant, evaluateList } from "./constants.js";
import { placementIn, placementInRoot, rootOf, routesInto, type Placement } from "./made-axes.js";
import { isConstant, sweepsOf } from "./mentions.js";
import type { AxisId, Experiment, Expr, ListExpr, Sweep } from "./typed.js";
import { unknownAxis } from "./world.js";

type Known = Pick<Experiment, "axes" | "constants" | "sweeps">;

/** Most points that are tried for a proof. */
const limit = 4096;

/** All values that a constant takes over the plan's points; null where they are not known yet or are too many. */
export function valuesOf(world: Known, expr: Expr): readonly number[] | null {
  return overPoints(world, expr, (sweeps) => evaluateConstant(expr, { experiment: world, sweeps }));
}

/** All sizes that an axis takes over the plan's points. */
export function sizesOf(world: Known, axis: AxisId): readonly number[] | null {
  const found = world.axes.get(axis);
  if (found === undefined || axis === unknownAxis || found.kind.kind === "sweep") return null;
  const size: Expr = { kind: "size", axis, type: { kind: "int" }, span: found.span };
  return overPoints(world, size, (sweeps) => axisSize(found, { experiment: world, sweeps }));
}

/** Where the positions of an axis lie along the axis that it is a part of, over the plan's points. */
export function placementsOf(world: Known, axis: AxisId, along?: AxisId): readonly Placement[] | null {
  const found = world.axes.get(axis);
  if (found === undefined || axis === unknownAxis || found.kind.kind === "sweep") return null;
  return overPoints(world, sizeOfAll(world, along === undefined ? [axis] : [axis, along]), (sweeps) => {
    const point = { experiment: world, sweeps };
    return along === undefined ? placementInRoot(axis, point) : placementIn(axis, along, point);
  });
}

/** An expression that depends on all that the positions of axes, and of those that they are parts of, depend on. */
function sizeOfAll(world: Known, axes: readonly AxisId[]): Expr {
  const all = axes.flatMap((axis) => chainOf(world, axis));
  const span = world.axes.get(axes[0] ?? unknownAxis)?.span ?? { file: "", start: 0, end: 0 };
  const operands = all.map((axis): Expr => ({ kind: "size", axis, type: { kind: "int" }, span }));
  return { kind: "apply", operation: "add", operands, type: { kind: "int" }, span };
}

/** A part, and what it is a part of as long as that is a part itself. */
function chainOf(world: Known, axis: AxisId): readonly AxisId[] {
  const kind = world.axes.get(axis)?.kind;
  if (kind?.kind !== "part") return [axis];
  return world.axes.get(kind.whole)?.kind.kind === "part" ? [axis, ...chainOf(world, kind.whole)] : [axis];
}

function overPoints<T>(
  world: Known,
  root: Expr | ListExpr,
  value: (sweeps: ReadonlyMap<AxisId, number>) => T,
): readonly T[] | null {
  const found = atPoints(world, root, value);
  return found === null ? null : [...new Set(found)];
}

/** Something at all points of the sweeps that an expression depends on; null where they are not known yet or are too many. */
export function atPoints<T>(
  world: Known,
  root: Expr | ListExpr,
  value: (sweeps: ReadonlyMap<AxisId, number>) => T,
): readonly T[] | null {
  try {
    const points = pointsOf(world, sweepsOf(world, root));
    return points === null ? null : points.map(value);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** Evaluates something at all points; throws the `UserError` of the first one where it cannot be. */
export function tryAtPoints(
  world: Known,
  root: Expr | ListExpr,
  value: (sweeps: ReadonlyMap<AxisId, number>) => unknown,
): void {
  const wanted = sweepsOf(world, root);
  for (const point of pointsOf(world, wanted) ?? []) value(point);
}

/** The values that some sweep variables take together. */
function pointsOf(world: Known, wanted: ReadonlySet<AxisId>): readonly ReadonlyMap<AxisId, number>[] | null {
  const needed = new Set(wanted);
  const used: Sweep[] = [];
  for (const sweep of [...world.sweeps].reverse()) {
    if (!sweep.axes.some((axis) => needed.has(axis))) continue;
    // Which values there will be is not known yet.
    if (sweep.refined === true || sweep.adaptive?.listed === false) return null;
    used.unshift(sweep);
    for (const axis of dependencies(world, sweep)) needed.add(axis);
  }
  const known = new Set(used.flatMap((sweep) => sweep.axes));
  if ([...needed].some((axis) => !known.has(axis))) return null;
  let points: ReadonlyMap<AxisId, number>[] = [new Map()];
  for (const sweep of used) {
    points = points.flatMap((point) => rowsOf(world, sweep, point).map((row) => new Map([...point, ...row])));
    const { where } = sweep;
    if (where !== null && [...sweepsOf(world, where)].every((axis) => points[0]?.has(axis) !== false)) {
      points = points.filter((sweeps) => evaluateConstant(where, { experiment: world, sweeps }) !== 0);
    }
    if (points.length > limit) return null;
  }
  return points;
}

function dependencies(world: Known, sweep: Sweep): ReadonlySet<AxisId> {
  return sweep.values.kind === "list" ? sweepsOf(world, sweep.values.list) : new Set();
}

/** The values of a sweep's own variables, given those before it. */
export function rowsOf(
  world: Known,
  sweep: Sweep,
  point: ReadonlyMap<AxisId, number>,
): readonly ReadonlyMap<AxisId, number>[] {
  const context = { experiment: world, sweeps: point };
  const { values } = sweep;
  const [axis] = sweep.axes;
  if (axis === undefined) return [];
  switch (values.kind) {
    case "list":
      return evaluateList(values.list, context).map((value) => new Map([[axis, value]]));
    case "labels": {
      const kind = world.axes.get(axis)?.kind;
      const labels = kind?.kind === "sweep" ? (kind.labels ?? []) : [];
      return labels.map((_, k) => new Map([[axis, k]]));
    }
    case "tuples":
      return values.rows.map((row) => new Map(sweep.axes.map((id, k) => [id, entry(row[k], context)])));
  }
}

function entry(expr: Expr | undefined, context: Parameters<typeof evaluateConstant>[1]): number {
  return expr === undefined ? NaN : evaluateConstant(expr, context);
}

/** The least and the greatest value, ends included. */
export type Interval = readonly [number, number];

/** Between which ints a value lies; null where nothing is known. */
export function intervalOf(world: Known, expr: Expr): Interval | null {
  if (isConstant(expr)) {
    const values = valuesOf(world, expr);
    return values === null || values.length === 0 ? null : [Math.min(...values), Math.max(...values)];
  }
  if (expr.type.kind === "index") return positionsOf(world, expr.type.axis);
  switch (expr.kind) {
    case "if":
      return union([intervalOf(world, expr.then), intervalOf(world, expr.otherwise)]);
    case "case":
      return union(expr.arms.map((arm) => intervalOf(world, arm)));
    case "apply":
      if (expr.operation === "position" && expr.operands[0]?.type.kind === "index")
        return placesOf(world, expr.operands[0].type.axis, expr.along);
      return applied(world, expr.operation, expr.operands);
    default:
      return null;
  }
}

/** Between which positions along an axis (or the whole of a part) the index of another lies. */
function placesOf(world: Known, own: AxisId, along: AxisId | undefined): Interval | null {
  if (along === own) return positionsOf(world, own);
  if (along !== undefined && routesInto(world.axes, own, along).length === 1)
    return endsOf(placementsOf(world, own, along));
  const root = endsOf(placementsOf(world, own));
  if (along === undefined || root === null) return root;
  const starts = placementsOf(world, along)?.map((placement) => placement[0]?.start ?? 0) ?? null;
  return starts === null || starts.length === 0 ? null : [root[0] - Math.max(...starts), root[1] - Math.min(...starts)];
}

function endsOf(placements: readonly Placement[] | null): Interval | null {
  const runs = placements?.flat() ?? [];
  if (placements === null || placements.length === 0) return null;
  if (runs.length === 0) return [0, -1];
  return [Math.min(...runs.map(({ start }) => start)), Math.max(...runs.map(({ start, size }) => start + size - 1))];
}

function positionsOf(world: Known, axis: AxisId): Interval | null {
  const sizes = sizesOf(world, axis);
  return sizes === null || sizes.length === 0 ? null : [0, Math.max(...sizes) - 1];
}

function union(intervals: readonly (Interval | null)[]): Interval | null {
  const known = intervals.filter((interval) => interval !== null);
  if (known.length < intervals.length || known.length === 0) return null;
  return [Math.min(...known.map(([low]) => low)), Math.max(...known.map(([, high]) => high))];
}

function applied(world: Known, operation: string, operands: readonly Expr[]): Interval | null {
  const [a, b, c] = operands.map((operand) => intervalOf(world, operand));
  const first = operands[0];
  if (operation === "position") return a ?? null;
  if (operation === "real" && first?.type.kind === "index" && a !== undefined && a !== null) {
    const root = world.axes.get(rootOf(world.axes, first.type.axis))?.kind;
    return root?.kind === "plain" ? placesOf(world, first.type.axis, undefined) : null;
  }
  if (operation === "mod" && b !== undefined && b !== null && b[0] > 0) return [0, b[1] - 1];
  if (operation === "neg" && a !== undefined && a !== null) return [-a[1], -a[0]];
  if (a === undefined || b === undefined || a === null || b === null) return null;
  switch (operation) {
    case "add":
      return [a[0] + b[0], a[1] + b[1]];
    case "sub":
      return [a[0] - b[1], a[1] - b[0]];
    case "mul": {
      const products = a.flatMap((x) => b.map((y) => x * y));
      return [Math.min(...products), Math.max(...products)];
    }
    case "floor_div": {
      if (b[0] <= 0) return null;
      const quotients = a.flatMap((x) => b.map((y) => Math.floor(x / y)));
      return [Math.min(...quotients), Math.max(...quotients)];
    }
    case "max":
      return [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
    case "min":
      return [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
    case "clip":
      return c === undefined || c === null
        ? null
        : [Math.min(Math.max(a[0], b[0]), c[0]), Math.min(Math.max(a[1], b[1]), c[1])];
    default:
      return null;
  }
}

function isSureInside(world: Known, own: AxisId, position: Expr, axis: AxisId): boolean {
  if (position.kind === "apply" && position.along !== undefined)
    return position.along === axis && (own === axis || routesInto(world.axes, own, axis).length === 1);
  return own === axis;
}

/** Whether a position is sure to be inside an axis, sure to be outside, or neither. */
export function boundsOf(world: Known, position: Expr, axis: AxisId): "inside" | "outside" | "unknown" {
  const index = position.kind === "apply" && position.operation === "position" ? position.operands[0] : position;
  if (index?.type.kind === "index" && isSureInside(world, index.type.axis, position, axis)) return "inside";
  const sizes = sizesOf(world, axis);
  const interval = intervalOf(world, position);
  if (sizes === null || sizes.length === 0 || interval === null) return "unknown";
  if (interval[0] >= 0 && interval[1] < Math.min(...sizes)) return "inside";
  return interval[1] < 0 || interval[0] >= Math.max(...sizes) ? "outside" : "unknown";
}

/** The value of a constant, or the values of a list, that depends on no sweep. */
export function valuesOfSweep(world: Known, expr: Expr): number;
export function valuesOfSweep(world: Known, list: ListExpr): readonly number[];
export function valuesOfSweep(world: Known, value: Expr | ListExpr): number | readonly number[] {
  const point = { experiment: world, sweeps: new Map<AxisId, number>() };
  return "type" in value ? evaluateConstant(value, point) : evaluateList(value, point);
}
