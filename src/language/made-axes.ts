/**
 * Axes made of axes: how positions along one lie along another. A part lies in its whole, the parts of a join lie in the
 * join; routes may be of several steps. Positions are runs, so that what is cut out of a tensor is a few static windows.
 */
import { UserError } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import { axisSize, evaluateConstant, evaluateList, type ConstantPoint } from "./constants.js";
import type { Axis, AxisId } from "./typed.js";

type Axes = ReadonlyMap<AxisId, Axis>;

/** Positions start … start + size - 1. */
export interface Run {
  readonly start: number;
  readonly size: number;
}
/** Positions in their order; no run is empty, and neighbours that could be one are one. */
export type Placement = readonly Run[];

/** One step of a route: from a part to its whole, or from an axis to a join that has it at `place`. */
export type Step =
  | { readonly kind: "part"; readonly part: AxisId; readonly whole: AxisId }
  | { readonly kind: "join"; readonly join: AxisId; readonly place: number };

/** All routes by which the positions of one axis are positions of another; the empty one from an axis to itself. */
export function routesInto(axes: Axes, from: AxisId, to: AxisId): readonly (readonly Step[])[] {
  if (from === to) return [[]];
  return stepsFrom(axes, from).flatMap((step) =>
    routesInto(axes, step.kind === "part" ? step.whole : step.join, to).map((rest) => [step, ...rest]),
  );
}

function stepsFrom(axes: Axes, from: AxisId): readonly Step[] {
  const kind = axes.get(from)?.kind;
  const up: Step[] = kind?.kind === "part" ? [{ kind: "part", part: from, whole: kind.whole }] : [];
  for (const [join, { kind: other }] of axes) {
    if (other.kind !== "join") continue;
    other.parts.forEach((part, place) => {
      if (part === from) up.push({ kind: "join", join, place });
    });
  }
  return up;
}

/** Whether an index of one axis may stand where one of the other is wanted: there is one way to read it. */
export function liesIn(axes: Axes, from: AxisId, to: AxisId): boolean {
  return routesInto(axes, from, to).length === 1;
}

/** The axis of which a part is a part in the end; an axis that is no part is its own. */
export function rootOf(axes: Axes, axis: AxisId): AxisId {
  const kind = axes.get(axis)?.kind;
  return kind?.kind === "part" ? rootOf(axes, kind.whole) : axis;
}

/** Where the positions of an axis lie along another, by the only route. */
export function placementIn(from: AxisId, to: AxisId, point: ConstantPoint): Placement {
  const { axes } = point.experiment;
  const [route] = routesInto(axes, from, to);
  if (route === undefined) throw new Error(`axis ${from} does not lie in axis ${to}`);
  const whole: Placement = joined([{ start: 0, size: axisSize(axisAt(axes, from), point) }]);
  return route.reduce((placement, step) => {
    if (step.kind === "part") return within(placement, partRuns(axisAt(axes, step.part), point));
    const { kind } = axisAt(axes, step.join);
    const before = kind.kind === "join" ? kind.parts.slice(0, step.place) : [];
    const offset = before.reduce((sum, part) => sum + axisSize(axisAt(axes, part), point), 0);
    return placement.map(({ start, size }) => ({ start: start + offset, size }));
  }, whole);
}

/** Where the positions of an axis lie along the axis that it is a part of in the end. */
export function placementInRoot(axis: AxisId, point: ConstantPoint): Placement {
  const { axes } = point.experiment;
  const { kind } = axisAt(axes, axis);
  if (kind.kind !== "part") return joined([{ start: 0, size: axisSize(axisAt(axes, axis), point) }]);
  return within(partRuns(axisAt(axes, axis), point), placementOfWhole(kind.whole, point));
}

/** The size of a whole that is no part is not needed: it may depend on more than its part does. */
function placementOfWhole(axis: AxisId, point: ConstantPoint): Placement {
  const { axes } = point.experiment;
  return axisAt(axes, axis).kind.kind === "part"
    ? placementInRoot(axis, point)
    : [{ start: 0, size: Number.MAX_SAFE_INTEGER }];
}

/** The positions of a part along its whole; a `UserError` where they are no positions or one stands twice. */
export function partRuns(axis: Axis, point: ConstantPoint): Placement {
  const { kind, name } = axis;
  if (kind.kind !== "part") throw new Error(`axis ${name} is no part`);
  const { axes } = point.experiment;
  const whole = axisAt(axes, kind.whole);
  if (kind.positions.kind === "range") {
    const [from, to] = [kind.positions.from, kind.positions.to].map((end) => evaluateConstant(end, point));
    const size = Math.max(0, (to ?? 0) - (from ?? 0) + 1);
    if (size > 0 && (from ?? 0) < 0) throw beyond(axis, whole, `${from} is no position of \`${whole.name}\``);
    return joined([{ start: from ?? 0, size }]);
  }
  const positions = evaluateList(kind.positions, point);
  const wrong = positions.find((position) => !Number.isSafeInteger(position) || position < 0);
  if (wrong !== undefined) throw beyond(axis, whole, `${wrong} is no position of \`${whole.name}\``);
  const seen = new Set<number>();
  for (const position of positions) {
    if (seen.has(position))
      throw beyond(
        axis,
        whole,
        `position ${position} of \`${whole.name}\` stands twice in \`${name}\``,
        "write each position once; to read one twice, use a list: `x[which[k]]`",
      );
    seen.add(position);
  }
  return joined(positions.map((start) => ({ start, size: 1 })));
}

/** The positions of a part, and a `UserError` where the whole is shorter. */
export function checkPart(axis: Axis, point: ConstantPoint): void {
  if (axis.kind.kind !== "part") return;
  const whole = axisAt(point.experiment.axes, axis.kind.whole);
  requireInside(axis, whole, partRuns(axis, point), axisSize(whole, point));
}

/** Throws a `UserError` where the positions of a part go beyond its whole. */
export function requireInside(part: Axis, whole: Axis, runs: Placement, size: number): void {
  const most = runs.reduce((end, run) => Math.max(end, run.start + run.size), 0);
  if (most > size)
    throw beyond(
      part,
      whole,
      size === 0
        ? `\`${whole.name}\` has no positions, and \`${part.name}\` takes position ${most - 1}`
        : `\`${part.name}\` takes position ${most - 1}, and \`${whole.name}\` has the positions 0 to ${size - 1}`,
    );
}

function beyond(
  part: Axis,
  whole: Axis,
  message: string,
  help = `take positions that the whole has: \`0 .. size(${whole.name}) - 1\` are all of them`,
): UserError {
  const span = part.kind.kind === "part" ? part.kind.positions.span : part.span;
  return new UserError({
    code: "AM4019",
    severity: "error",
    span,
    message,
    here: `the positions of \`${part.name}\``,
    labels: [{ span: whole.span, text: `\`${whole.name}\` is declared here` }],
    help,
  });
}

function axisAt(axes: Axes, id: AxisId): Axis {
  const axis = axes.get(id);
  if (axis === undefined) throw new Error(`axis ${id} is not in the experiment`);
  return axis;
}

/** What positions along an axis are along another one in which that axis is placed. */
function within(inner: Placement, outer: Placement): Placement {
  return joined(
    inner.flatMap(({ start, size }) => {
      const found: Run[] = [];
      let before = 0;
      for (const run of outer) {
        const [from, to] = [Math.max(start, before), Math.min(start + size, before + run.size)];
        if (from < to) found.push({ start: run.start + from - before, size: to - from });
        before += run.size;
      }
      return found;
    }),
  );
}

function joined(runs: readonly Run[]): Placement {
  const result: Run[] = [];
  for (const run of runs) {
    const last = result.at(-1);
    if (run.size === 0) continue;
    if (last !== undefined && last.start + last.size === run.start)
      result[result.length - 1] = { start: last.start, size: last.size + run.size };
    else result.push(run);
  }
  return result;
}

/** All positions, in order. */
export function positionsIn(placement: Placement): readonly number[] {
  return placement.flatMap(({ start, size }) => Array.from({ length: size }, (_, k) => start + k));
}

export function sizeIn(placement: Placement): number {
  return placement.reduce((sum, { size }) => sum + size, 0);
}

/** Whether the positions are 0, 1, … in this order. */
export function isPrefix(placement: Placement): boolean {
  return placement.length === 0 || (placement.length === 1 && placement[0]?.start === 0);
}

/** Throws a `UserError` unless parts of an axis take each of its positions once. */
export function checkCover(whole: AxisId, parts: readonly AxisId[], point: ConstantPoint, span: Span): void {
  const { axes } = point.experiment;
  const all = parts
    .flatMap((part) => partRuns(axisAt(axes, part), point).map((run) => ({ ...run, part })))
    .sort((a, b) => a.start - b.start);
  const name = axisAt(axes, whole).name;
  const fail = (message: string, involved: readonly AxisId[]): never => {
    const labels = [whole, ...involved].map((id) => ({
      span: axisAt(axes, id).span,
      text: `\`${axisAt(axes, id).name}\` is declared here`,
    }));
    throw new UserError({
      code: "AM4020",
      severity: "error",
      span,
      message,
      labels,
      help: "each position has to belong to one part",
    });
  };
  let next = 0;
  let last = whole;
  for (const { start, size, part } of all) {
    if (start > next) fail(`position ${next} of \`${name}\` belongs to none of the parts`, [part]);
    if (start < next) fail(`position ${start} of \`${name}\` belongs to two of the parts`, [last, part]);
    next = start + size;
    last = part;
  }
  const size = axisSize(axisAt(axes, whole), point);
  if (next < size) fail(`position ${next} of \`${name}\` belongs to none of the parts`, []);
  if (next > size) fail(`position ${next - 1} is beyond \`${name}\`, which has ${size}`, [last]);
}

/** The position `at` of an index as one along an axis that it lies in, or (undefined) along the axis that its own is a part of. */
export function placeOf(own: AxisId, along: AxisId | undefined, at: number, point: ConstantPoint): number {
  const { axes } = point.experiment;
  if (along === own) return at;
  if (along !== undefined && liesIn(axes, own, along)) return positionsIn(placementIn(own, along, point))[at] ?? NaN;
  const root = positionsIn(placementInRoot(own, point))[at] ?? NaN;
  return along === undefined ? root : root - (placementInRoot(along, point)[0]?.start ?? 0);
}
