/** Reads results as they are stored: named axes, states, what is not finite as missing, and each run's own last record. */
import type { AxisNode, ColumnNode, ColumnRef, LiteralNode } from "../../language/results/ir.js";
import type { Column, ResultAxis, ResultSource } from "../types.js";
import { CoordinateFinder, arrange } from "./align.js";
import { MISSING, NOT_A_NUMBER, NO_COORDINATE, VALID, isMissing, makeTensor, scalarTensor, sizeOf } from "./tensor.js";
import type { Tensor } from "./tensor.js";

export function readColumn(node: ColumnNode, source: ResultSource): Tensor {
  const column = source.column(node.phase, node.result);
  if (column === undefined) return scalarTensor(NaN, MISSING);
  const whole = node.fromLast === null ? fromColumn(column) : readFromLast(column, node, node.fromLast, source);
  return withoutExtraAxes(withCoordinates(whole, node.coordinates), new Set(node.axes.map((axis) => axis.label)));
}

function fromColumn(column: Column): Tensor {
  return { axes: column.axes, values: column.values, states: finiteStates(column.type, column.values, column.states) };
}

/** A record that is not finite is stored as it is and counts as missing. */
function finiteStates(type: Column["type"], values: Float64Array, states: Uint8Array): Uint8Array {
  if (type !== "real" || values.every((value, i) => Number.isFinite(value) || states[i] !== VALID)) return states;
  return states.map((state, i) => (state === VALID && !Number.isFinite(values[i]) ? NOT_A_NUMBER : state));
}

/** Positions of an axis become its coordinates. */
function withCoordinates(tensor: Tensor, coordinates: readonly number[] | null): Tensor {
  if (coordinates === null) return tensor;
  const states = tensor.states.slice();
  const values = tensor.values.map((position, i) => {
    const value = coordinates[position];
    if (value === undefined && states[i] === VALID) states[i] = NO_COORDINATE;
    return value ?? NaN;
  });
  return { axes: tensor.axes, values, states };
}

/** An implicit measure may be stored over more sweeps than it varies with: its first entry that is there stands for all. */
function withoutExtraAxes(tensor: Tensor, wanted: ReadonlySet<string>): Tensor {
  const extra = tensor.axes.filter((axis) => !wanted.has(axis.name));
  if (extra.length === 0) return tensor;
  const rest = tensor.axes.filter((axis) => wanted.has(axis.name));
  const lanes = arrange(tensor, [...rest, ...extra]);
  const length = sizeOf(extra);
  const result = makeTensor(rest);
  for (let i = 0; i < result.values.length; i++) {
    let chosen = i * length;
    for (let k = chosen; k < (i + 1) * length; k++) {
      if (lanes.states[k] === VALID) {
        chosen = k;
        break;
      }
      if (isMissing(lanes.states[k] ?? VALID)) chosen = k;
    }
    result.values[i] = lanes.values[chosen] ?? NaN;
    result.states[i] = lanes.states[chosen] ?? VALID;
  }
  return result;
}

/** Each run's own last record, or the one k places before it. */
function readFromLast(column: Column, node: ColumnNode, k: number, source: ResultSource): Tensor {
  const step = column.axes.find((axis) => axis.kind === "step");
  if (step === undefined) return k === 0 ? fromColumn(column) : scalarTensor(NaN, NO_COORDINATE);
  const rest = column.axes.filter((axis) => axis !== step);
  if (column.last === null) return placeFromLast(column, step, rest, k, scalarTensor(Infinity));
  const last: Tensor = {
    axes: rest,
    values: column.last.values,
    states: finiteStates(column.type, column.last.values, column.last.states),
  };
  if (k === 0) return last;
  const steps = source.column(node.phase, "steps");
  const updates = steps === undefined ? scalarTensor(Infinity) : fromColumn(steps);
  const ends = column.stepwise === true ? { ...updates, values: updates.values.map((end) => end - 1) } : updates;
  const before = placeFromLast(column, step, rest, k, ends);
  // A run that has no last record has none before it either.
  const states = before.states.map((state, i) =>
    isMissing(last.states[i] ?? VALID) ? (last.states[i] ?? VALID) : state,
  );
  return { ...before, states };
}

/** The last record of a run is at its number of steps: on the grid of records, or after the last grid point before it. */
function placeFromLast(
  column: Column,
  step: ResultAxis,
  rest: readonly ResultAxis[],
  k: number,
  steps: Tensor,
): Tensor {
  const records = arrange(fromColumn(column), [...rest, step]);
  const known = new Set(rest.map((axis) => axis.name));
  const ends = arrange(withoutExtraAxes(steps, known), rest);
  const result = makeTensor(rest);
  const finder = new CoordinateFinder(step.coordinates);
  const length = step.coordinates.length;
  for (let i = 0; i < result.values.length; i++) {
    const end = ends.values[i] ?? Infinity;
    const onGrid = finder.find(end);
    const after =
      onGrid >= 0 ? onGrid : step.coordinates.filter((value) => value < end).length - (end === Infinity ? 1 : 0);
    const place = after - k;
    result.values[i] = place < 0 ? NaN : (records.values[i * length + place] ?? NaN);
    result.states[i] = place < 0 || place >= length ? NO_COORDINATE : (records.states[i * length + place] ?? VALID);
  }
  return result;
}

/** The coordinates that the columns have under a name, together; undefined when none of them is there. */
export function coordinatesOf(columns: readonly ColumnRef[], source: ResultSource): ResultAxis | undefined {
  let found: ResultAxis | undefined;
  for (const ref of columns) {
    const axis = source.column(ref.phase, ref.result)?.axes.find((own) => own.name === ref.name);
    if (axis === undefined) continue;
    if (found === undefined) found = axis;
    else {
      const finder = new CoordinateFinder(found.coordinates);
      const more = axis.coordinates.filter((value) => finder.find(value) < 0);
      if (more.length > 0) {
        const all = [...found.coordinates, ...more];
        found = { ...found, coordinates: axis.kind === "step" ? all.sort((a, b) => a - b) : all };
      }
    }
  }
  return found;
}

/** `span` are the evaluated ends of a range. */
export function readAxis(node: AxisNode, source: ResultSource, span: readonly [Tensor, Tensor] | null): Tensor {
  const { label, kind, labels, integer } = node.axis;
  const { coordinates } = node;
  let values: readonly number[] | undefined;
  if (coordinates.kind === "columns") values = coordinatesOf(coordinates.columns, source)?.coordinates;
  else if (coordinates.kind === "known") values = coordinates.values;
  else if (span !== null) values = integersBetween(span[0], span[1]);
  if (values === undefined) return scalarTensor(NaN, MISSING);
  const axis: ResultAxis = { name: label, kind, coordinates: values, labels, integer };
  const entries = node.position ? Float64Array.from(values.keys()) : Float64Array.from(values);
  return { axes: [axis], values: entries, states: new Uint8Array(values.length) };
}

function integersBetween(from: Tensor, to: Tensor): readonly number[] {
  const low = from.values.reduce(
    (least, value, i) => (from.states[i] === VALID ? Math.min(least, value) : least),
    Infinity,
  );
  const high = to.values.reduce((most, value, i) => (to.states[i] === VALID ? Math.max(most, value) : most), -Infinity);
  if (!Number.isFinite(low) || !Number.isFinite(high) || high < low) return [];
  return Array.from({ length: Math.floor(high - low) + 1 }, (_, k) => low + k);
}

export function readLiteral(node: LiteralNode, source: ResultSource): Tensor {
  const axes = node.axes.map((axis, k): ResultAxis | undefined => {
    const coordinates = node.coordinates[k] ?? coordinatesOf(node.columns[k] ?? [], source)?.coordinates;
    if (coordinates === undefined || coordinates.length !== node.sizes[k]) return undefined;
    return { name: axis.label, kind: axis.kind, coordinates, labels: axis.labels, integer: axis.integer };
  });
  const known = axes.filter((axis) => axis !== undefined);
  if (known.length < axes.length) return scalarTensor(NaN, MISSING);
  return { axes: known, values: Float64Array.from(node.values), states: new Uint8Array(node.values.length) };
}
