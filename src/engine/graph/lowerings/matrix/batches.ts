/**
 * Matrices of a value, for algorithms that are written out as loops over entries: `[rows, columns, batch]`. The batch (all other dims and
 * the runs) is the minor axis, so that every step of an algorithm is vectorised over it, and no matrix waits for another one.
 */
import { arithmetic } from "../../arithmetic.js";
import type { Arithmetic } from "../../arithmetic.js";
import { arranged, permute, spread } from "../../axes.js";
import type { Axis, Value } from "../../axes.js";
import { whileLoop } from "../../control-flow.js";
import { sizeOf } from "../../function-builder.js";
import type { FunctionBuilder, Tensor } from "../../function-builder.js";
import type { Region } from "../../region.js";
import { any, isFinite, reshape } from "../../tensors.js";

/** Brings the first axes of a value to the front; the others become one. */
export function batched(region: Region, value: Value, first: readonly Axis[], batch: readonly Axis[]): Tensor {
  const { f, table } = region;
  const whole = spread(f, table, value, [...first, ...batch]);
  return reshape(f, whole.tensor, [...table.shape(first), table.count(batch)]);
}

/** The way back. */
export function unbatched(region: Region, tensor: Tensor, first: readonly Axis[], batch: readonly Axis[]): Value {
  const { f, table } = region;
  const axes = [...first, ...batch];
  return permute(f, { tensor: reshape(f, tensor, table.shape(axes)), axes }, arranged(axes));
}

/** All axes of some values but those named, the run last. */
export function batchOf(values: readonly Value[], named: readonly Axis[]): readonly Axis[] {
  return arranged([...new Set(values.flatMap(({ axes }) => axes))].filter((axis) => !named.includes(axis)));
}

/** One step: from its number and the state to the next state. */
export type Step = (a: Arithmetic, step: Tensor, state: readonly Tensor[], f: FunctionBuilder) => readonly Tensor[];

/** Repeats a step; with `done`, a number of the state by batch, until all are done. */
export function repeat(
  region: Region,
  count: number,
  state: readonly Tensor[],
  step: Step,
  done: number | null = null,
): readonly Tensor[] {
  if (count === 0) return state;
  const { f } = region;
  const all = [f.constant("i32", [], 0), ...state].map((tensor): Value => ({ tensor, axes: [] }));
  const results = whileLoop(
    region,
    all,
    (inner, values) => {
      const a = arithmetic(inner.f);
      const more = a.lt(tensorAt(values, 0), a.int(count));
      return done === null ? more : a.and(more, any(inner.f, a.not(tensorAt(values, done + 1))));
    },
    (inner, values) => {
      const a = arithmetic(inner.f);
      const number = tensorAt(values, 0);
      const next = step(
        a,
        number,
        values.slice(1).map(({ tensor }) => tensor),
        inner.f,
      );
      return [a.add(number, a.int(1)), ...next].map((tensor): Value => ({ tensor, axes: [] }));
    },
  );
  return results.slice(1).map(({ tensor }) => tensor);
}

function tensorAt(values: readonly Value[], index: number): Tensor {
  const value = values[index];
  if (value === undefined) throw new Error(`the state of a loop has no entry ${index}`);
  return value.tensor;
}

/** By batch: whether all entries are finite. */
export function finiteMatrices(f: FunctionBuilder, x: Tensor): Tensor {
  const a = arithmetic(f);
  const batch = x.shape.at(-1) ?? 1;
  return a.all(reshape(f, isFinite(f, x), [sizeOf(x.shape.slice(0, -1)), batch]), 0);
}

/** By batch: the largest entry in size, 1 where all are 0: matrices are divided by it, so that squares neither overflow nor vanish. */
export function unitOf(f: FunctionBuilder, x: Tensor): Tensor {
  const a = arithmetic(f);
  const batch = x.shape.at(-1) ?? 1;
  const most = a.most(reshape(f, a.abs(x), [sizeOf(x.shape.slice(0, -1)), batch]), 0);
  return a.where(a.eq(most, a.number(0, most)), a.number(1, most), most);
}

/** The smallest relative difference of the type. */
export function epsilonOf(x: Tensor): number {
  return x.type === "f64" ? 2 ** -52 : 2 ** -23;
}

/** `[n, n, 1]`: whether row and column agree. */
export function diagonalOf(a: Arithmetic, n: number): Tensor {
  return a.eq(a.positions(n, 0, 3), a.positions(n, 1, 3));
}
