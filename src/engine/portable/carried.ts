/** The carried values of a block: their buffers, the exchange after an update, and the watch for what is not finite. */
import type { Carried } from "../../ir/types.js";
import type { Numbers } from "../types.js";
import { copyRow } from "./kernels/unary.js";
import { extentsOf, offsetsOf } from "./loops.js";
import { rowKernel } from "./lowering-context.js";
import type { Kernel } from "./lowering-context.js";
import { fits, newView, strideOf } from "./storage.js";
import type { Shape, View } from "./storage.js";

/** What is told of a carried value, or of a state of a loop inside of a step. */
export type Kept = Pick<Carried, "name" | "type" | "watched">;

export interface CarriedValue {
  readonly start: Kernel;
  /** Before any commit: saves a next value that is itself a carried value. */
  readonly stage: Kernel | null;
  readonly commit: Kernel;
  readonly commitAlive: (alive: Uint8Array) => void;
  restore(data: Numbers): void;
  snapshot(): Numbers;
  /** Remembers in which runs it is not finite now, at the start. */
  noteStart(): void;
  /** Adds marks; false when there was nothing to mark. */
  markNonFinite(marks: Uint8Array): boolean;
}

/** `own` is the dense buffer, `init` and `next` are where the program computes them; `isCarried` tells of other carried buffers. */
export function carriedValue(
  shape: Shape,
  carried: Kept,
  own: View,
  init: View,
  next: View,
  nextIsCarried: boolean,
): CarriedValue {
  const { dims } = carried.type;
  const unchanged = next.storage === own.storage && sameLayout(own, next);
  const staged = nextIsCarried && !unchanged ? newView(shape, carried.type, own.lane !== 0) : null;
  const from = staged ?? next;
  const watched = carried.watched && (own.dtype === "f32" || own.dtype === "f64");
  const watch = watched && !unchanged ? new Watch(own, shape.runs) : null;
  const nothing: Kernel = () => undefined;
  return {
    start: rowKernel(shape, dims, own, init, copyRow),
    stage: staged === null ? null : rowKernel(shape, dims, staged, next, copyRow),
    commit: unchanged ? nothing : copyKernel(shape, carried, own, from),
    commitAlive: unchanged ? nothing : aliveKernel(shape, carried, own, from),
    restore(data) {
      if (data.length !== own.storage.data.length || !fits(own.dtype, data))
        throw new Error(`the kept value of ${carried.name} does not fit`);
      own.storage.data.set(data);
    },
    snapshot: () => own.storage.data.slice(),
    noteStart: () => watch?.noteStart(),
    markNonFinite: (marks) => watch?.mark(marks) ?? false,
  };
}

function sameLayout(a: View, b: View): boolean {
  return (
    a.offset === b.offset && a.lane === b.lane && [...a.strides].every(([dim, stride]) => strideOf(b, dim) === stride)
  );
}

function copyKernel(shape: Shape, carried: Kept, own: View, from: View): Kernel {
  if (sameLayout(own, from) && from.storage.data.length === own.storage.data.length)
    return () => own.storage.data.set(from.storage.data);
  return rowKernel(shape, carried.type.dims, own, from, copyRow);
}

/** Copies for the runs that are alive; a value that all runs share goes on while one of them does. */
function aliveKernel(shape: Shape, carried: Kept, own: View, from: View): (alive: Uint8Array) => void {
  const { dims } = carried.type;
  if (own.lane === 0) return rowKernel(shape, dims, own, from, copyRow);
  const extents = extentsOf(shape, dims, false, [own, from]);
  const to = offsetsOf(extents, 0, own.offset);
  const at = offsetsOf(extents, 1, from.offset);
  const { lane } = from;
  return (alive) => {
    const out = own.storage.data;
    const data = from.storage.data;
    for (let k = 0; k < to.length; k++) copyAlive(alive, out, to[k] ?? 0, data, at[k] ?? 0, lane);
  };
}

function copyAlive(alive: Uint8Array, out: Numbers, o: number, data: Numbers, p: number, lane: number): void {
  for (let r = 0; r < alive.length; r++) if (alive[r] === 1) out[o + r] = data[p + r * lane] ?? 0;
}

const exponentBits = 0x7f800000;
const oneExponent = 0x00800000;

/** Looks for NaN and infinities in a carried value. */
class Watch {
  private readonly exempt: Uint8Array;
  private readonly bits: Int32Array | null;

  constructor(
    private readonly own: View,
    private readonly runs: number,
  ) {
    this.exempt = new Uint8Array(runs);
    const { data } = own.storage;
    this.bits = data instanceof Float32Array ? new Int32Array(data.buffer) : null;
  }

  noteStart(): void {
    const now = new Uint8Array(this.runs);
    this.exempt.fill(0);
    this.mark(now);
    this.exempt.set(now);
  }

  mark(marks: Uint8Array): boolean {
    const { data } = this.own.storage;
    if (this.bits === null ? allFinite(data) : allFiniteBits(this.bits)) return false;
    let found = false;
    const note = (run: number): void => {
      if (this.exempt[run] === 1) return;
      marks[run] = 1;
      found = true;
    };
    // A shared value is part of every run.
    if (this.own.lane === 0) for (let run = 0; run < this.runs; run++) note(run);
    else for (let k = 0; k < data.length; k++) if (!Number.isFinite(data[k])) note(k % this.runs);
    return found;
  }
}

/** x - x is 0 for finite numbers only. */
function allFinite(data: Numbers): boolean {
  let sum = 0;
  const { length } = data;
  for (let k = 0; k < length; k++) {
    const x = data[k] ?? 0;
    sum += x - x;
  }
  return sum === 0;
}

/** The exponent of a number that is not finite is all ones: adding one exponent more sets the sign. */
function allFiniteBits(bits: Int32Array): boolean {
  let any = 0;
  const { length } = bits;
  for (let k = 0; k < length; k++) any |= ((bits[k] ?? 0) & exponentBits) + oneExponent;
  return any >= 0;
}
