/** The values that a sweep lists at a point of the sweeps before it, and those that an adaptive one begins with. */
import { UserError } from "../base/diagnostic.js";
import { evaluateConstant, evaluateList } from "../language/constants.js";
import type { AxisId, Experiment, Expr, ListExpr, Sweep } from "../language/typed.js";
import { mentionedSweeps } from "../lower/mentions.js";

/** Values of all sweep variables at one point; a label is its position. */
export type Assignment = ReadonlyMap<AxisId, number>;

/** One row a point, one entry for each variable of the sweep. */
export function firstRows(experiment: Experiment, sweep: Sweep, point: Assignment): readonly (readonly number[])[] {
  const { values } = sweep;
  if (sweep.adaptive !== undefined) return firstValues(experiment, sweep, point).map((value) => [value]);
  if (values.kind === "list") return listedValues(experiment, sweep, point).map((value) => [value]);
  if (values.kind === "tuples")
    return values.rows.map((row) => row.map((entry) => evaluateConstant(entry, { experiment, sweeps: point })));
  const axis = experiment.axes.get(sweep.axes[0] ?? -1);
  const labels = axis?.kind.kind === "sweep" ? (axis.kind.labels ?? []) : [];
  return labels.map((_, position) => [position]);
}

/** As they are written, each once. */
export function listedValues(experiment: Experiment, { values }: Sweep, point: Assignment): readonly number[] {
  return values.kind === "list" ? [...new Set(evaluateList(values.list, { experiment, sweeps: point }))] : [];
}

/** Those that pass the filters which the point decides. */
export function allowedValues(experiment: Experiment, sweep: Sweep, point: Assignment): readonly number[] {
  const [axis = -1] = sweep.axes;
  const filters = experiment.sweeps.flatMap(({ where }) => {
    if (where === null) return [];
    const axes = [...mentionedSweeps(where, experiment)];
    return axes.includes(axis) && axes.every((one) => one === axis || point.has(one)) ? [where] : [];
  });
  return listedValues(experiment, sweep, point).filter((value) => {
    const sweeps = new Map([...point, [axis, value]]);
    return filters.every((where) => evaluateConstant(where, { experiment, sweeps }) !== 0);
  });
}

function firstValues(experiment: Experiment, sweep: Sweep, point: Assignment): readonly number[] {
  const { adaptive } = sweep;
  const listed = allowedValues(experiment, sweep, point);
  if (adaptive === undefined) return listed;
  if (adaptive.mode === "until") return listed.slice(0, 1);
  const wanted = adaptive.start === null ? listed : evaluateList(adaptive.start, { experiment, sweeps: point });
  const found = [...new Set(wanted.map((value) => nearestOf(listed, value)))].toSorted((a, b) => a - b);
  if (found.length < 2) throw tooFew(sweep, adaptive.start?.span ?? adaptive.span, found, listed);
  const [least = NaN] = found;
  if (adaptive.tolerance?.relative === true && least <= 0) throw notPositive(adaptive.span, least);
  return found;
}

function nearestOf(values: readonly number[], wanted: number): number {
  return values.reduce(
    (best, value) => (Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best),
    values[0] ?? wanted,
  );
}

function tooFew(sweep: Sweep, span: Sweep["span"], found: readonly number[], listed: readonly number[]): UserError {
  const range = `[${Math.min(...listed)}, ${Math.max(...listed)}]`;
  return new UserError({
    code: "AM4040",
    severity: "error",
    message: `the sweep begins with ${found.length === 0 ? "no value" : `one value, ${found.join()}`}: there are no neighbours to look between`,
    span,
    labels: [{ span: sweep.span, text: `the values that it may have lie in ${range}` }],
    help: "begin with two values that lie apart and inside of the list",
  });
}

export function notPositive(span: Sweep["span"], value: number): UserError {
  return new UserError({
    code: "AM4040",
    severity: "error",
    message: `the sweep has the value ${value}, and a value between in a geometric sense needs numbers above 0`,
    span,
    help: "`to 0.1` instead of `to 10%`, or no `log`, goes by differences",
  });
}

/** The sweeps whose values the values of a sweep follow. */
export function gridSweeps({ values, adaptive }: Sweep, experiment: Experiment): ReadonlySet<AxisId> {
  if (values.kind === "list") {
    const start = adaptive?.start ?? null;
    const listed = mentionedSweeps(values.list, experiment);
    return start === null ? listed : new Set([...listed, ...mentionedSweeps(start, experiment)]);
  }
  if (values.kind === "tuples") {
    const entries: readonly (Expr | ListExpr)[] = values.rows.flat();
    return new Set(entries.flatMap((entry) => [...mentionedSweeps(entry, experiment)]));
  }
  return new Set();
}
