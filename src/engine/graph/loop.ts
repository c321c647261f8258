/**
 * The two loops of a program: the outer one over record slots, the inner one over the updates between two of them, so that
 * records cost nothing at other steps. A slot's records and the update at that step are computed together and share what
 * they have in common. The last round of the outer loop is no slot: it leaves each group's records at the final state in
 * the spare row of the buffers.
 */
import type { DType, ValueId } from "../../ir/types.js";
import { spread } from "./axes.js";
import type { Axis, Value } from "./axes.js";
import { whenever, whileLoop } from "./control-flow.js";
import type { Tensor } from "./function-builder.js";
import type { ProgramView } from "./analyse.js";
import type { Region } from "./region.js";
import { byRun, update } from "./step.js";
import type { Ends, LoopState } from "./step.js";
import { binary, compare, entry, logical, not, readRow, scalar, select, writeRow } from "./tensors.js";

/** What the host says about one call, scalars but for the table. */
export interface Control {
  /** Updates done after which this call ends. */
  readonly end: Tensor;
  /** T. */
  readonly last: Tensor;
  /** How many slots this call has. */
  readonly slots: Tensor;
  /** By slot: its step and, for each group, the row of the buffers; a further row for the end of the call. */
  readonly table: Tensor;
}

export interface LoopResult {
  readonly state: LoopState;
  /** How many slots were reached. */
  readonly reached: Tensor;
  /** By group and entry: rows of records, the spare row last. */
  readonly buffers: readonly (readonly Value[])[];
}

/** Which tensors the state consists of, in the order in which they go through a loop. */
function flatten(state: LoopState): readonly Value[] {
  const scalars = [state.step, state.going, state.ended, state.reason].filter((tensor) => tensor !== null);
  return [...state.carried, ...scalars.map((tensor): Value => ({ tensor, axes: [] }))];
}

function unflatten(like: LoopState, values: readonly Value[]): LoopState {
  const rest = values.slice(like.carried.length).map((value) => value.tensor);
  const take = (present: Tensor | null) => (present === null ? null : (rest.shift() ?? null));
  const step = rest.shift();
  if (step === undefined) throw new Error("a loop lost its counter");
  const going = take(like.going);
  const ended = take(like.ended);
  return { carried: values.slice(0, like.carried.length), step, going, ended, reason: take(like.reason) };
}

function bindState(region: Region, state: LoopState): void {
  region.bindCarried(state.carried);
  region.bindSteps({ tensor: state.step, axes: [] });
}

/** Updates until the step `target`, or until no run goes on. */
function updatesUntil(region: Region, start: LoopState, ends: Ends, target: Tensor): LoopState {
  const bound: Value = { tensor: target, axes: [] };
  const results = whileLoop(
    region,
    [bound, ...flatten(start)],
    (test, [limit, ...values]) => {
      const state = unflatten(start, values);
      if (limit === undefined) throw new Error("a loop lost its limit");
      const before = compare(test.f, "Less", state.step, limit.tensor);
      return state.going === null ? before : logical(test.f, "LogicalAnd", before, state.going);
    },
    (body, [limit, ...values]) => {
      const state = unflatten(start, values);
      bindState(body, state);
      if (limit === undefined) throw new Error("a loop lost its limit");
      return [limit, ...flatten(update(body, state, ends, null))];
    },
  );
  return unflatten(start, results.slice(1));
}

export function emitLoop(
  region: Region,
  start: LoopState,
  ends: Ends,
  control: Control,
  slotsPerCall: number,
): LoopResult {
  const { f, view } = region;
  const { loop } = view.program;
  if (loop === null) throw new Error("the program has no loop");
  const zero = scalar(f, "i32", 0);
  if (loop.groups.length === 0 && loop.stop === null)
    return { state: updatesUntil(region, start, ends, control.end), reached: zero, buffers: [] };

  const buffers = emptyBuffers(region, ends, slotsPerCall);
  const plain = (tensor: Tensor): Value => ({ tensor, axes: [] });
  const constants = [control.end, control.last, control.slots, control.table].map(plain);
  const counters = [plain(zero), plain(f.constant("bool", [], 1))];
  const first = [...counters, ...flatten(start), ...buffers];
  const size = flatten(start).length;
  const results = whileLoop(
    region,
    first,
    (_test, [, proceed]) => {
      if (proceed === undefined) throw new Error("a loop lost its condition");
      return proceed.tensor;
    },
    (body, [counter, , ...values]) => {
      if (counter === undefined) throw new Error("a loop lost its counter");
      const [end, last, slots, table] = constants.map((value) => body.capture(value).tensor);
      if (end === undefined || last === undefined || slots === undefined || table === undefined)
        throw new Error("a loop lost its limits");
      const state = unflatten(start, values.slice(0, size));
      const inner = { end, last, slots, table };
      return round(body, counter.tensor, state, values.slice(size), ends, inner, slotsPerCall);
    },
  );
  const rows = results.slice(2 + size);
  const grouped = loop.groups.map((group) => rows.splice(0, group.entries.length));
  const reached = results[0];
  if (reached === undefined) throw new Error("a loop lost its counter");
  return { state: unflatten(start, results.slice(2, 2 + size)), reached: reached.tensor, buffers: grouped };
}

/** One round of the outer loop: the updates up to a slot, its records, the update at its step. */
function round(
  region: Region,
  counter: Tensor,
  start: LoopState,
  buffers: readonly Value[],
  ends: Ends,
  control: Control,
  spareRow: number,
): readonly Value[] {
  const { f } = region;
  const slot = readRow(f, control.table, counter);
  const target = entry(f, slot, 0);
  const state = updatesUntil(region, start, ends, target);
  bindState(region, state);
  const arrived = compare(f, "Equal", state.step, target);
  const isSlot = compare(f, "Less", counter, control.slots);
  const proceed = logical(f, "LogicalAnd", arrived, isSlot);
  const may = compare(f, "Less", state.step, control.end);
  const judge = logical(f, "LogicalOr", may, compare(f, "Equal", state.step, control.last));
  const next = update(region, state, ends, { update: may, judge });
  const records = recordAll(region, next, state, ends, proceed, slot, buffers, spareRow);
  const count = select(f, proceed, binary(f, "AddV2", counter, scalar(f, "i32", 1)), counter);
  const plain = (tensor: Tensor): Value => ({ tensor, axes: [] });
  return [plain(count), plain(proceed), ...flatten(next), ...records];
}

/** All groups' entries written to their rows; rounds that are no slot write the spare row. */
function recordAll(
  region: Region,
  next: LoopState,
  state: LoopState,
  ends: Ends,
  proceed: Tensor,
  slot: Tensor,
  buffers: readonly Value[],
  spareRow: number,
): readonly Value[] {
  const { f, view } = region;
  const groups = view.program.loop?.groups ?? [];
  const spare = scalar(f, "i32", spareRow);
  const recording = ends.early && view.table.runs > 1 ? region.withStep(ownSteps(region, next, state)) : region;
  const pending = [...buffers];
  return groups.flatMap((group, number) => {
    const row = select(f, proceed, entry(f, slot, number + 1), spare);
    const own = pending.splice(0, group.entries.length);
    const compute = (inner: Region) =>
      group.entries.map((record, k) => {
        const axes = own[k]?.axes;
        if (axes === undefined) throw new Error("a record has no buffer");
        return spread(inner.f, view.table, inner.get(record.value), axes);
      });
    // Groups have their own steps: one that is not due now is not computed.
    const due = logical(f, "LogicalOr", compare(f, "NotEqual", row, spare), not(f, proceed));
    const values = groups.length === 1 ? compute(recording) : whenever(recording, due, compute);
    return values.map((value, k): Value => {
      const buffer = own[k];
      if (buffer === undefined) throw new Error("a record has no buffer");
      return { tensor: writeRow(f, buffer.tensor, row, value.tensor), axes: buffer.axes };
    });
  });
}

/** By run: the updates that it has done, also where it ended earlier than others. */
function ownSteps(region: Region, next: LoopState, state: LoopState): Value {
  const { f } = region;
  const { ended } = next;
  if (ended === null) return { tensor: state.step, axes: [] };
  // A run that breaks in this very update is still at its step.
  const running = compare(f, "Less", ended, scalar(f, "i32", 0));
  const own = select(f, running, state.step, binary(f, "Minimum", ended, state.step));
  return byRun(region.view, own);
}

/** Rows for the slots of a call and a spare one, for each entry of each group. The axes are those of a row. */
function emptyBuffers(region: Region, ends: Ends, slotsPerCall: number): readonly Value[] {
  const { f, view } = region;
  return (view.program.loop?.groups ?? []).flatMap((group) =>
    group.entries.map((record): Value => {
      const { type, axes } = recordKind(view, ends, record.value);
      return { tensor: f.constant(type, [slotsPerCall + 1, ...view.table.shape(axes)], 0), axes };
    }),
  );
}

/** What is needed of the step becomes a matter of the run where runs end at steps of their own. */
function recordKind(view: ProgramView, ends: Ends, id: ValueId): { type: DType; axes: readonly Axis[] } {
  const type = view.program.nodes[id]?.type;
  if (type === undefined) throw new Error(`the program has no value ${id}`);
  const varying = view.varying[id] === true || (ends.early && view.stepping[id] === true && view.table.runs > 1);
  return { type: type.dtype, axes: view.table.ordered(type.dims, varying) };
}
