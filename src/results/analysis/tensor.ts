/**
 * Tensors while they are evaluated: values with the state of each entry, over named axes, row-major, in doubles.
 * A state that is neither valid nor absent is missing, and its number says why.
 */
import { UserError } from "../../base/diagnostic.js";
import type { Span } from "../../base/span.js";
import { ABSENT, MISSING, VALID } from "../types.js";
import type { Column, ResultAxis } from "../types.js";

/** `first(step where c)` of what never happens, `crossing` of what never crosses. */
export const NEVER = 3;
/** A statistic of fewer values than it needs. */
export const TOO_FEW = 4;
/** The logarithm of a negative number, a record that is not finite. */
export const NOT_A_NUMBER = 5;
/** A coordinate that the axis does not have. */
export const NO_COORDINATE = 6;
export { ABSENT, MISSING, VALID };

export interface Tensor {
  /** Their names are the labels of the node's axes. */
  readonly axes: readonly ResultAxis[];
  readonly values: Float64Array;
  readonly states: Uint8Array;
}

/** More entries than this are never made: one such tensor takes 450 MB. */
const MOST_ENTRIES = 50_000_000;

export function sizeOf(axes: readonly ResultAxis[]): number {
  return axes.reduce((size, axis) => size * axis.coordinates.length, 1);
}

/** A tensor of zeros, all valid. */
export function makeTensor(axes: readonly ResultAxis[], span: Span | null = null): Tensor {
  const size = sizeOf(axes);
  if (size > MOST_ENTRIES) {
    const shape = axes.map((axis) => `${axis.name} ${String(axis.coordinates.length)}`).join(" x ");
    throw new UserError({
      code: "AM6090",
      severity: "error",
      message: `this has ${size.toLocaleString("en")} entries, more than can be evaluated at once`,
      span,
      here: shape,
      help: "reduce or select along some of its axes earlier, or measure it in the run",
    });
  }
  return { axes, values: new Float64Array(size), states: new Uint8Array(size) };
}

export function scalarTensor(value: number, state: number = VALID): Tensor {
  return { axes: [], values: Float64Array.of(value), states: Uint8Array.of(state) };
}

/** Row-major strides: how far entries lie apart along each axis. */
export function stridesOf(axes: readonly ResultAxis[]): readonly number[] {
  const strides = axes.map(() => 1);
  for (let k = axes.length - 2; k >= 0; k--)
    strides[k] = (strides[k + 1] ?? 1) * (axes[k + 1]?.coordinates.length ?? 1);
  return strides;
}

export function isMissing(state: number): boolean {
  return state !== VALID && state !== ABSENT;
}

/** The tensor as others see it: one kind of missing. */
export function toColumn(tensor: Tensor, type: Column["type"], labels: readonly string[] | null): Column {
  const states = tensor.states.map((state) => (isMissing(state) ? MISSING : state));
  return { axes: tensor.axes, type, labels, values: tensor.values, states, last: null };
}

/** Coordinates agree to 1e-9 relative; infinities and 0 exactly. */
export function sameCoordinate(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= 1e-9 * Math.min(Math.abs(a), Math.abs(b));
}
