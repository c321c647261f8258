/**
 * The loop of a program, in one of two forms. Nested: the outer loop goes over record slots, the inner one over the updates
 * between two of them, so that records cost nothing at other steps. Joint: one loop over the steps whose body also makes the
 * records where they are due, sharing what they have in common with the update. In both the last round is no slot: it leaves
 * each group's records at the final state in the spare row of the buffers.
 */
import type { Value } from "./axes.js";
import { whileLoop } from "./control-flow.js";
import type { Tensor } from "./function-builder.js";
import { emptyBuffers, ownSteps, recordAll } from "./records.js";
import type { Region } from "./region.js";
import { judge, visit } from "./step.js";
import type { Ends, LoopState } from "./step.js";
import { binary, compare, entry, logical, not, readRow, scalar, select } from "./tensors.js";

/** What the host says about one call. */
export interface Control {
  /** Updates done after which this call ends. */
  readonly end: Tensor;
  /** T, or -1 where this call does not complete it. */
  readonly last: Tensor;
  /** How many slots this call has. */
  readonly slots: Tensor;
  /** By slot: its step and, for each group, the row of the buffers; a further row for the end of the call. */
  readonly table: Tensor;
}

export interface LoopPlan {
  readonly ends: Ends;
  readonly slotsPerCall: number;
  /** The joint form: saves time at slots, and asks at each step whether a record is due. */
  readonly joint: boolean;
}

export interface LoopResult {
  readonly state: LoopState;
  /** How many slots were reached. */
  readonly reached: Tensor;
  /** By group and entry: rows of records, the spare row last. */
  readonly buffers: readonly (readonly Value[])[];
}

export function emitLoop(region: Region, start: LoopState, control: Control, plan: LoopPlan): LoopResult {
  const { f, view } = region;
  const zero = scalar(f, "i32", 0);
  const groups = view.program.loop?.groups ?? [];
  if (groups.length === 0 && view.program.loop?.stop === null) {
    const state = updatesUntil(region, start, plan.ends, control.end);
    const never = f.constant("bool", [], 0);
    const marks = judge(region, state, plan.ends, { update: null, atLast: never });
    return { state: { ...state, marks }, reached: zero, buffers: [] };
  }
  const buffers = emptyBuffers(region, plan.ends, plan.slotsPerCall);
  const flat = flatten(start);
  const results = whileLoop(
    region,
    [plain(zero), plain(f.constant("bool", [], 1)), ...flat, ...buffers],
    (_test, [, proceed]) => tensorOf(proceed),
    (body, [counter, , ...values]) => {
      const state = unflatten(start, values.slice(0, flat.length));
      const round = plan.joint ? emitJointRound : emitRound;
      return round(body, tensorOf(counter), state, values.slice(flat.length), captureControl(body, control), plan);
    },
  );
  const rows = results.slice(2 + flat.length);
  const grouped = groups.map((group) => rows.splice(0, group.entries.length));
  return {
    state: unflatten(start, results.slice(2, 2 + flat.length)),
    reached: tensorOf(results[0]),
    buffers: grouped,
  };
}

/** One round of the outer loop: the updates up to a slot, then its records. */
function emitRound(
  region: Region,
  counter: Tensor,
  start: LoopState,
  buffers: readonly Value[],
  control: Control,
  plan: LoopPlan,
): readonly Value[] {
  const { f } = region;
  const slot = readRow(f, control.table, counter);
  const target = entry(f, slot, 0);
  const state = updatesUntil(region, start, plan.ends, target);
  bindState(region, state);
  const arrived = compare(f, "Equal", state.step, target);
  const isSlot = logical(f, "LogicalAnd", arrived, compare(f, "Less", counter, control.slots));
  const atLast = compare(f, "Equal", state.step, control.last);
  const marks = judge(region, state, plan.ends, { update: null, atLast });
  const recording = recordingRegion(region, state, plan);
  const records = recordAll(recording, { isSlot, isLast: not(f, isSlot), slot }, buffers, plan.slotsPerCall);
  return [plain(countUp(region, counter, isSlot)), plain(isSlot), ...flatten({ ...state, marks }), ...records];
}

/** One step of the joint form: its update, and its records if it is a slot or the last round. */
function emitJointRound(
  region: Region,
  counter: Tensor,
  state: LoopState,
  buffers: readonly Value[],
  control: Control,
  plan: LoopPlan,
): readonly Value[] {
  const { f } = region;
  bindState(region, state);
  const slot = readRow(f, control.table, counter);
  const arrived = compare(f, "Equal", state.step, entry(f, slot, 0));
  const isSlot = logical(f, "LogicalAnd", arrived, compare(f, "Less", counter, control.slots));
  const may = compare(f, "Less", state.step, control.end);
  const goesOn = state.going === null ? may : logical(f, "LogicalAnd", may, state.going);
  const proceed = logical(f, "LogicalOr", isSlot, goesOn);
  const gates = { update: may, atLast: compare(f, "Equal", state.step, control.last) };
  const next = visit(region, state, plan.ends, gates);
  const recording = recordingRegion(region, state, plan);
  const records = recordAll(recording, { isSlot, isLast: not(f, proceed), slot }, buffers, plan.slotsPerCall, true);
  return [plain(countUp(region, counter, isSlot)), plain(proceed), ...flatten(next), ...records];
}

/** Where records are computed: with each run's own step where runs end at steps of their own. */
function recordingRegion(region: Region, state: LoopState, plan: LoopPlan): Region {
  if (!plan.ends.early || region.table.runs === 1) return region;
  return region.withStep(ownSteps(region, state.marks, state.step));
}

function countUp(region: Region, counter: Tensor, when: Tensor): Tensor {
  const { f } = region;
  return select(f, when, binary(f, "AddV2", counter, scalar(f, "i32", 1)), counter);
}

/** Updates until the step `target`, or until no run goes on. */
function updatesUntil(region: Region, start: LoopState, ends: Ends, target: Tensor): LoopState {
  const results = whileLoop(
    region,
    [plain(target), ...flatten(start)],
    (test, [limit, ...values]) => {
      const { step, going } = unflatten(start, values);
      const before = compare(test.f, "Less", step, tensorOf(limit));
      return going === null ? before : logical(test.f, "LogicalAnd", before, going);
    },
    (body, [limit, ...values]) => {
      const state = unflatten(start, values);
      bindState(body, state);
      return [plain(tensorOf(limit)), ...flatten(visit(body, state, ends, null))];
    },
  );
  return unflatten(start, results.slice(1));
}

/** Which tensors the state consists of, in the order in which they go through a loop. */
function flatten(state: LoopState): readonly Value[] {
  const others = [state.step, state.going, state.marks].filter((tensor) => tensor !== null);
  return [...state.carried, ...others.map(plain)];
}

function unflatten(like: LoopState, values: readonly Value[]): LoopState {
  const rest = values.slice(like.carried.length);
  const take = (present: Tensor | null) => (present === null ? null : tensorOf(rest.shift()));
  const step = tensorOf(rest.shift());
  const going = take(like.going);
  return { carried: values.slice(0, like.carried.length), step, going, marks: take(like.marks) };
}

function bindState(region: Region, state: LoopState): void {
  region.bindCarried(state.carried);
  region.bindSteps(plain(state.step));
}

function captureControl(body: Region, control: Control): Control {
  const inside = (tensor: Tensor) => body.capture(plain(tensor)).tensor;
  return {
    end: inside(control.end),
    last: inside(control.last),
    slots: inside(control.slots),
    table: inside(control.table),
  };
}

/** A tensor whose axes do not matter. */
const plain = (tensor: Tensor): Value => ({ tensor, axes: [] });

function tensorOf(value: Value | undefined): Tensor {
  if (value === undefined) throw new Error("a loop lost a value");
  return value.tensor;
}
