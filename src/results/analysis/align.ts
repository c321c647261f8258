/** Brings tensors to common axes: coordinates are matched, axes put in order, values repeated along axes that a tensor lacks. */
import type { ResultAxis } from "../types.js";
import { makeTensor, sameCoordinate, sizeOf, stridesOf } from "./tensor.js";
import type { Tensor } from "./tensor.js";

/** All axes of the tensors in order of appearance, each with the coordinates that all tensors with that axis have. */
export function commonAxes(tensors: readonly Tensor[]): readonly ResultAxis[] {
  const found = new Map<string, ResultAxis>();
  for (const tensor of tensors) {
    for (const axis of tensor.axes) {
      const other = found.get(axis.name);
      found.set(axis.name, other === undefined ? axis : intersection(other, axis));
    }
  }
  return [...found.values()];
}

function intersection(a: ResultAxis, b: ResultAxis): ResultAxis {
  if (sameCoordinates(a, b)) return a;
  const finder = new CoordinateFinder(b.coordinates);
  return { ...a, coordinates: a.coordinates.filter((value) => finder.find(value) >= 0) };
}

export function sameCoordinates(a: ResultAxis, b: ResultAxis): boolean {
  if (a.coordinates === b.coordinates) return true;
  const n = a.coordinates.length;
  if (n !== b.coordinates.length) return false;
  for (let k = 0; k < n; k++) if (a.coordinates[k] !== b.coordinates[k]) return false;
  return true;
}

/** Places of coordinates, by value; made once for an axis, asked often. */
export class CoordinateFinder {
  private readonly order: Uint32Array;
  private readonly sorted: Float64Array;

  constructor(readonly coordinates: readonly number[]) {
    this.order = Uint32Array.from(coordinates.keys()).sort(
      (a, b) => (coordinates[a] ?? 0) - (coordinates[b] ?? 0) || a - b,
    );
    this.sorted = Float64Array.from(this.order, (k) => coordinates[k] ?? NaN);
  }

  /** The place of the coordinate that equals the value, or -1. */
  find(value: number): number {
    const at = this.nearest(value);
    return at >= 0 && sameCoordinate(this.coordinates[at] ?? NaN, value) ? at : -1;
  }

  /** The place of the coordinate nearest to the value (the smaller one at ties); -1 without coordinates. */
  nearest(value: number): number {
    const { sorted, order } = this;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    if (low === sorted.length) return sorted.length === 0 ? -1 : (order[low - 1] ?? -1);
    if (low === 0) return order[0] ?? -1;
    if (sorted[low] === value) return order[low] ?? -1;
    const above = (sorted[low] ?? 0) - value;
    const below = value - (sorted[low - 1] ?? 0);
    return (above < below ? order[low] : order[low - 1]) ?? -1;
  }
}

/**
 * The tensor over exactly these axes, in this order: gathers where coordinates differ, repeats along axes it lacks.
 * Axes that the tensor has must be among them, with coordinates it has. The tensor itself where nothing changes.
 */
export function arrange(tensor: Tensor, axes: readonly ResultAxis[]): Tensor {
  if (tensor.axes.length === axes.length && tensor.axes.every((axis, k) => isSameAxis(axis, axes[k]))) return tensor;
  const result = makeTensor(axes);
  const strides = stridesOf(tensor.axes);
  // For each axis of the result: how far its coordinates' entries lie in the tensor.
  const offsets = axes.map((axis) => {
    const k = tensor.axes.findIndex((own) => own.name === axis.name);
    const own = tensor.axes[k];
    const stride = strides[k] ?? 0;
    if (own === undefined) return new Int32Array(axis.coordinates.length);
    if (sameCoordinates(own, axis)) return Int32Array.from(axis.coordinates, (_, position) => position * stride);
    const finder = new CoordinateFinder(own.coordinates);
    return Int32Array.from(axis.coordinates, (value) => finder.find(value) * stride);
  });
  copyByOffsets(tensor, result, offsets);
  return result;
}

function isSameAxis(a: ResultAxis, b: ResultAxis | undefined): boolean {
  return a.name === b?.name && sameCoordinates(a, b);
}

function copyByOffsets(from: Tensor, to: Tensor, offsets: readonly Int32Array[]): void {
  const size = to.values.length;
  if (size === 0) return;
  const inner = offsets.at(-1) ?? Int32Array.of(0);
  const outer = offsets.slice(0, -1);
  const position = outer.map(() => 0);
  const { values, states } = from;
  const length = inner.length;
  const stride = length > 1 ? (inner[1] ?? 0) - (inner[0] ?? 0) : 1;
  const isEven = inner.every((offset, k) => offset === k * stride);
  for (let out = 0; out < size; out += length) {
    let base = 0;
    for (let k = 0; k < outer.length; k++) base += outer[k]?.[position[k] ?? 0] ?? 0;
    if (isEven && stride === 1) {
      to.values.set(values.subarray(base, base + length), out);
      to.states.set(states.subarray(base, base + length), out);
    } else if (isEven && stride === 0) {
      to.values.fill(values[base] ?? 0, out, out + length);
      to.states.fill(states[base] ?? 0, out, out + length);
    } else {
      for (let k = 0; k < length; k++) {
        const from = base + (inner[k] ?? 0);
        to.values[out + k] = values[from] ?? 0;
        to.states[out + k] = states[from] ?? 0;
      }
    }
    for (let k = outer.length - 1; k >= 0; k--) {
      const next = (position[k] ?? 0) + 1;
      position[k] = next;
      if (next < (outer[k]?.length ?? 0)) break;
      position[k] = 0;
    }
  }
}

/** All tensors over the same axes, in the same order. */
export function align(tensors: readonly Tensor[]): {
  readonly axes: readonly ResultAxis[];
  readonly tensors: readonly Tensor[];
} {
  const axes = commonAxes(tensors);
  return { axes, tensors: tensors.map((tensor) => arrange(tensor, axes)) };
}

/** Tensors as lanes: all over `outer` then `inner`, so that each lane lies in one piece. */
export function toLanes(
  tensors: readonly Tensor[],
  over: readonly string[],
): {
  readonly outer: readonly ResultAxis[];
  readonly inner: readonly ResultAxis[];
  readonly length: number;
  readonly tensors: readonly Tensor[];
} {
  const axes = commonAxes(tensors);
  const outer = axes.filter((axis) => !over.includes(axis.name));
  const inner = over.flatMap((label) => axes.find((axis) => axis.name === label) ?? []);
  return {
    outer,
    inner,
    length: sizeOf(inner),
    tensors: tensors.map((tensor) => arrange(tensor, [...outer, ...inner])),
  };
}

/** The axis with its coordinates ascending. */
export function ascending(axis: ResultAxis): ResultAxis {
  const { coordinates } = axis;
  if (coordinates.every((value, k) => k === 0 || value >= (coordinates[k - 1] ?? value))) return axis;
  return { ...axis, coordinates: [...coordinates].sort((a, b) => a - b) };
}
