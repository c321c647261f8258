/** Subscripts of results: by coordinate, by place, from an end, by list, or along another tensor's values. */
import type { Selection } from "../../language/results/ir.js";
import type { ResultAxis } from "../types.js";
import { CoordinateFinder, arrange, commonAxes } from "./align.js";
import { ABSENT, NO_COORDINATE, VALID, makeTensor, sizeOf } from "./tensor.js";
import type { Tensor } from "./tensor.js";

/** A selection whose value has been evaluated. */
export type EvaluatedSelection =
  | Exclude<Selection, { readonly value: unknown }>
  | { readonly kind: "coordinate" | "near" | "position"; readonly value: Tensor };

/** Told once for each value that the axis does not have. */
export type Report = (axis: ResultAxis, value: number) => void;

export function selectFrom(body: Tensor, label: string, selection: EvaluatedSelection, report: Report): Tensor {
  const axis = body.axes.find((own) => own.name === label);
  // A tensor that could not be read has no axes; what is selected of it is as unknown.
  if (axis === undefined) return body;
  switch (selection.kind) {
    case "rename":
      return rename(body, axis, selection.to.label);
    case "list":
      return takeList(body, axis, selection.values, report);
    case "end":
      return takeEnd(body, axis, selection.end, selection.offset);
    case "coordinate":
    case "near":
    case "position":
      return take(body, axis, selection.value, finderOf(axis, selection.kind), report, selection.kind === "coordinate");
  }
}

function finderOf(axis: ResultAxis, kind: "coordinate" | "near" | "position"): (value: number) => number {
  const size = axis.coordinates.length;
  if (kind === "position") return (value) => (Number.isInteger(value) && value >= 0 && value < size ? value : -1);
  const finder = new CoordinateFinder(axis.coordinates);
  return kind === "coordinate" ? (value) => finder.find(value) : (value) => finder.nearest(value);
}

/** The body with the axis last, and how the rest is ordered. */
function axisLast(body: Tensor, axis: ResultAxis): { readonly rest: readonly ResultAxis[]; readonly tensor: Tensor } {
  const rest = body.axes.filter((own) => own !== axis);
  return { rest, tensor: arrange(body, [...rest, axis]) };
}

function take(
  body: Tensor,
  axis: ResultAxis,
  value: Tensor,
  find: (value: number) => number,
  report: Report,
  strict: boolean,
): Tensor {
  const [only] = value.axes.length === 0 && value.states[0] === VALID ? value.values : [];
  if (only !== undefined) return takeOne(body, axis, only, find(only), strict ? report : () => undefined);
  const { rest, tensor } = axisLast(body, axis);
  const length = axis.coordinates.length;
  // Which slice of `tensor` belongs to an entry of the result: a tensor of numbers over the rest, brought to the result's axes.
  const numbers: Tensor = {
    axes: rest,
    values: Float64Array.from({ length: sizeOf(rest) }, (_, k) => k),
    states: new Uint8Array(sizeOf(rest)),
  };
  const axes = commonAxes([numbers, value]);
  const result = makeTensor(axes);
  const slices = arrange(numbers, axes).values;
  const places = arrange(placesOf(value, find), axes);
  for (let i = 0; i < result.values.length; i++) {
    const state = places.states[i] ?? VALID;
    if (state !== VALID) {
      result.states[i] = state;
      continue;
    }
    const at = (slices[i] ?? 0) * length + (places.values[i] ?? 0);
    result.values[i] = tensor.values[at] ?? NaN;
    result.states[i] = tensor.states[at] ?? VALID;
  }
  return result;
}

/** One slice. A single value that is not there is a fault; along a tensor's values some may fall outside, for a `where` to exclude. */
function takeOne(body: Tensor, axis: ResultAxis, value: number, place: number, report: Report): Tensor {
  const rest = body.axes.filter((own) => own !== axis);
  if (place < 0) {
    report(axis, value);
    const result = makeTensor(rest);
    result.states.fill(NO_COORDINATE);
    return result;
  }
  const slice: ResultAxis = { ...axis, coordinates: axis.coordinates.slice(place, place + 1) };
  const { values, states } = arrange(
    body,
    body.axes.map((own) => (own === axis ? slice : own)),
  );
  return { axes: rest, values, states };
}

/** For each value its place on the axis. */
function placesOf(value: Tensor, find: (value: number) => number): Tensor {
  const states = value.states.slice();
  const values = value.values.map((wanted, i) => {
    if (states[i] !== VALID) return 0;
    const place = find(wanted);
    if (place >= 0) return place;
    states[i] = NO_COORDINATE;
    return 0;
  });
  return { axes: value.axes, values, states };
}

function rename(body: Tensor, axis: ResultAxis, label: string): Tensor {
  const other = body.axes.find((own) => own.name === label);
  if (other === undefined || other === axis) {
    const axes = body.axes.map((own) => (own === axis ? { ...own, name: label } : own));
    return { axes, values: body.values, states: body.states };
  }
  const value: Tensor = {
    axes: [other],
    values: Float64Array.from(other.coordinates),
    states: new Uint8Array(other.coordinates.length),
  };
  return take(body, axis, value, finderOf(axis, "coordinate"), () => undefined, false);
}

function takeList(body: Tensor, axis: ResultAxis, list: readonly number[], report: Report): Tensor {
  const { rest, tensor } = axisLast(body, axis);
  const find = finderOf(axis, "coordinate");
  const places = list.map(find);
  list.forEach((value, k) => {
    if (places[k] === -1) report(axis, value);
  });
  const kept: ResultAxis = { ...axis, coordinates: list.map((value, k) => axis.coordinates[places[k] ?? -1] ?? value) };
  const result = makeTensor([...rest, kept]);
  for (let i = 0; i < result.values.length; i++) {
    const place = places[i % list.length] ?? -1;
    const at = Math.floor(i / list.length) * axis.coordinates.length + place;
    result.values[i] = place < 0 ? 0 : (tensor.values[at] ?? NaN);
    result.states[i] = place < 0 ? NO_COORDINATE : (tensor.states[at] ?? VALID);
  }
  return result;
}

/** Counted from an end among the entries that are not absent; in the order of the plan (ascending for `step`). */
function takeEnd(body: Tensor, axis: ResultAxis, end: "first" | "last", offset: number): Tensor {
  const { rest, tensor } = axisLast(body, axis);
  const length = axis.coordinates.length;
  const result = makeTensor(rest);
  for (let i = 0; i < result.values.length; i++) {
    let left = offset;
    let state = ABSENT;
    for (let k = 0; k < length; k++) {
      const at = i * length + (end === "first" ? k : length - 1 - k);
      const here = tensor.states[at] ?? VALID;
      if (here === ABSENT) continue;
      state = NO_COORDINATE;
      if (left-- > 0) continue;
      state = here;
      result.values[i] = tensor.values[at] ?? NaN;
      break;
    }
    result.states[i] = state;
  }
  return result;
}
