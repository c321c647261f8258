/** What a lowering is given, and what all lowerings share. */
import type { DimId, LoopId, NodeOf, OpName, ValueId } from "../../ir/types.js";
import type { Numbers } from "../types.js";
import type { Row1 } from "./kernels/rows.js";
import type { LoweredLoop } from "./lower-loop.js";
import type { Iteration } from "./lower-program.js";
import { rowsOver } from "./loops.js";
import type { Shape, View } from "./storage.js";

/** A piece of work on buffers that it knows; it allocates nothing. */
export type Kernel = () => void;

/** What a lowering may ask for. */
export interface LoweringContext {
  readonly shape: Shape;
  operand(id: ValueId): View;
  /** The dims of an operand; a view has no strides for those along which it is constant. */
  dimsOf(id: ValueId): readonly DimId[];
  /** A buffer for the node that is being lowered. */
  result(): View;
  /** Work that is done whenever the node is computed. */
  emit(kernel: Kernel): void;
  /** Work that is done whenever this operand changes: once per block if that is when it is computed. */
  emitFor(operand: ValueId, kernel: Kernel): void;
  /** A buffer that is filled when the program is made ready and never changes; `single` is one number for all entries. */
  fixed(single: boolean, fill: (data: Numbers) => void): View;
  input(index: number): View;
  carried(index: number): View;
  step(): View;
  /** The loop inside of a step that this is an iteration of. */
  iteration(loop: LoopId): Iteration;
  /** Lowers the region of a loop; its kernel is still to be emitted. */
  makeLoop(node: NodeOf<"loop">): LoweredLoop;
  /** A loop that was lowered before. */
  loop(id: ValueId): LoweredLoop;
}

export type Lowering<K extends OpName> = (node: NodeOf<K>, ctx: LoweringContext) => View;

/** The k-th operand of a node. */
export function operand(node: NodeOf<OpName>, k: number): ValueId {
  const id = node.operands[k];
  if (id === undefined) throw new Error(`${node.op} lacks operand ${k}`);
  return id;
}

/** Where a row begins for an operand. */
export function offset(offsets: readonly Int32Array[], k: number, row: number): number {
  return offsets[k]?.[row] ?? 0;
}

/** A kernel that goes through the rows of a result and one operand. */
export function rowKernel(shape: Shape, dims: readonly DimId[], out: View, a: View, row: Row1): Kernel {
  const { count, length, offsets, strides } = rowsOver(shape, dims, out.lane !== 0, [out, a]);
  const [so = 0, sa = 0] = strides;
  const to = out.storage;
  const from = a.storage;
  return () => {
    const result = to.data;
    const data = from.data;
    for (let r = 0; r < count; r++) row(length, result, offset(offsets, 0, r), so, data, offset(offsets, 1, r), sa);
  };
}
