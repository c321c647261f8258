/**
 * Where values lie: typed arrays, and views of them by label. A view knows strides, not an order of dims,
 * so relabelling, broadcasting, slicing and taking a diagonal cost nothing.
 */
import type { DimId, DType, ValueType } from "../../ir/types.js";
import type { Numbers } from "../types.js";

/** A buffer; an input's array is exchanged from call to call, all others stay. */
export interface Storage {
  data: Numbers;
}

export interface View {
  readonly storage: Storage;
  readonly dtype: DType;
  readonly offset: number;
  readonly strides: ReadonlyMap<DimId, number>;
  /** Distance from one run to the next; 0 where all runs share the value. */
  readonly lane: number;
}

/** Sizes of dims and the number of runs: what turns labels into numbers. */
export interface Shape {
  readonly sizes: ReadonlyMap<DimId, number>;
  readonly runs: number;
}

export function allocate(dtype: DType, length: number): Numbers {
  switch (dtype) {
    case "f32":
      return new Float32Array(length);
    case "f64":
      return new Float64Array(length);
    case "i32":
      return new Int32Array(length);
    case "bool":
      return new Uint8Array(length);
  }
}

/** Whether an array is what values of this type are kept in. */
export function fits(dtype: DType, array: Numbers): boolean {
  switch (dtype) {
    case "f32":
      return array instanceof Float32Array;
    case "f64":
      return array instanceof Float64Array;
    case "i32":
      return array instanceof Int32Array;
    case "bool":
      return array instanceof Uint8Array;
  }
}

export function sizeOf(shape: Shape, dim: DimId): number {
  const size = shape.sizes.get(dim);
  if (size === undefined) throw new Error(`dim ${dim} has no size`);
  return size;
}

export function sizesOf(shape: Shape, dims: readonly DimId[]): number[] {
  return dims.map((dim) => sizeOf(shape, dim));
}

/** Entries of one run. */
export function entriesOf(shape: Shape, dims: readonly DimId[]): number {
  return dims.reduce((product, dim) => product * sizeOf(shape, dim), 1);
}

/** Length of a dense array of a value, with runs where it varies. */
export function lengthOf(shape: Shape, type: ValueType, varying: boolean): number {
  return entriesOf(shape, type.dims) * (varying ? shape.runs : 1);
}

/** A dense row-major view; the run is the last dimension where the value varies. */
export function denseView(shape: Shape, type: ValueType, varying: boolean, storage: Storage): View {
  const strides = new Map<DimId, number>();
  let stride = varying ? shape.runs : 1;
  for (const dim of [...type.dims].reverse()) {
    strides.set(dim, stride);
    stride *= sizeOf(shape, dim);
  }
  return { storage, dtype: type.dtype, offset: 0, strides, lane: varying ? 1 : 0 };
}

/** A new buffer with its dense view. */
export function newView(shape: Shape, type: ValueType, varying: boolean): View {
  return denseView(shape, type, varying, { data: allocate(type.dtype, lengthOf(shape, type, varying)) });
}

/** The distance between neighbours along a dim; 0 where the value does not have it. */
export function strideOf(view: View, dim: DimId): number {
  return view.strides.get(dim) ?? 0;
}

/** Hands out buffers that others have given back; what holds a value across steps is never given back. */
export class Pool {
  private readonly free = new Map<string, Storage[]>();
  /** Bytes handed out as new. */
  bytes = 0;

  take(dtype: DType, length: number): Storage {
    const back = this.free.get(`${dtype}${length}`)?.pop();
    if (back !== undefined) return back;
    const data = allocate(dtype, length);
    this.bytes += data.byteLength;
    return { data };
  }

  give(dtype: DType, storage: Storage): void {
    const key = `${dtype}${storage.data.length}`;
    const list = this.free.get(key);
    if (list === undefined) this.free.set(key, [storage]);
    else list.push(storage);
  }
}
