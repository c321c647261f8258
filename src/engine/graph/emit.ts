/**
 * From a program and what varies over runs to the bytes of a SavedModel: pure, without TensorFlow. The model takes the
 * program's inputs, a state and what the host says about one call, and returns the next state and records; its size
 * depends on no number of steps.
 */
import type { BlockProgram } from "../types.js";
import { workPerStep } from "../work.js";
import { analyse } from "./analyse.js";
import { spread } from "./axes.js";
import type { Value } from "./axes.js";
import { callGraph, Inputs, Outputs } from "./boundary.js";
import type { Port } from "./boundary.js";
import { Library } from "./function-builder.js";
import type { Tensor } from "./function-builder.js";
import { emitLoop } from "./loop.js";
import type { LoopPlan } from "./loop.js";
import { encodeSavedModel } from "./proto/messages.js";
import { Region } from "./region.js";
import { byRun, failedCheck, findEnds, isRunning } from "./step.js";
import type { Ends, LoopState } from "./step.js";
import { any, binary, compare, entry, logical, scalar, select } from "./tensors.js";

/** The model and the order of what goes in and comes out. */
export interface EmittedModel {
  readonly bytes: Uint8Array;
  /** Program inputs; with a loop: carried values, `marks` if runs can end early, `control`, `table`. */
  readonly inputs: readonly Port[];
  /** Carried values, `marks`, step, slots reached, records of all groups; without a loop: `failed`, outputs. */
  readonly outputs: readonly Port[];
  /** Whether there are `marks`. */
  readonly early: boolean;
  /** Whether XLA is told to compile it as a whole. */
  readonly compiled: boolean;
}

/** Places in the vector `control`. */
export const controlPlaces = { step: 0, end: 1, last: 2, slots: 3, fresh: 4 } as const;
export const controlSize = 5;

/** From this work a step on (a tenth of a millisecond, roughly) it costs nothing to ask whether a record is due. */
const jointWork = 2e6;

export interface EmitOptions {
  /** Whether the library holds XLA: then the whole is compiled. */
  readonly xla: boolean;
  /** See `LoopPlan`; chosen by the work of a step unless told. */
  readonly joint?: boolean;
}

export function emitModel(block: BlockProgram, options: EmitOptions): EmittedModel {
  const view = analyse(block);
  const ends = findEnds(block.program, view);
  const library = new Library(options.xla);
  const main = new Region(library.build("main"), view, null);
  const inputs = new Inputs(main);
  const outputs = new Outputs(main);
  main.bindInputs(
    block.program.inputs.map((input, index) => inputs.value(input.type.dtype, input.type.dims, varies(block, index))),
  );
  if (block.program.loop === null) emitOnce(main, outputs, ends);
  else {
    const joint = options.joint ?? workPerStep(block) > jointWork;
    emitCall(main, inputs, outputs, { ends, slotsPerCall: block.slotsPerCall, joint });
  }
  const name = main.f.finish(outputs.tensors);
  const nodes = callGraph(name, inputs.ports, outputs.tensors, options.xla);
  return {
    bytes: encodeSavedModel({ nodes, library: library.definitions }),
    inputs: inputs.ports,
    outputs: outputs.ports,
    early: ends.early,
    compiled: options.xla,
  };
}

function varies(block: BlockProgram, input: number): boolean {
  const node = block.program.nodes.find((other) => other.op === "input" && other.attributes.index === input);
  return block.runs > 1 && node !== undefined && block.varying.has(node.id);
}

/** A program that is evaluated once: which check failed, and the outputs. */
function emitOnce(main: Region, outputs: Outputs, ends: Ends): void {
  const { view } = main;
  outputs.value(byRun(view, firstFailure(main, ends)), [], view.table.runs > 1);
  for (const output of view.program.outputs) {
    const dims = view.program.nodes[output.value]?.type.dims ?? [];
    outputs.value(main.get(output.value), dims, view.varying[output.value] === true);
  }
}

/** By run: the number of the first constant check that fails, -1 without. */
function firstFailure(main: Region, ends: Ends): Tensor {
  const { f, view } = main;
  let failed = f.constant("i32", view.table.runs === 1 ? [] : [view.table.runs], -1);
  for (const number of ends.constantChecks.toReversed()) {
    const condition = view.program.checks[number]?.condition;
    if (condition === undefined) throw new Error(`there is no check ${number}`);
    failed = select(f, main.get(condition).tensor, failed, scalar(f, "i32", number));
  }
  return failed;
}

function emitCall(main: Region, inputs: Inputs, outputs: Outputs, plan: LoopPlan): void {
  const { f, view } = main;
  const { loop } = view.program;
  if (loop === null) throw new Error("the program has no loop");
  const { ends, slotsPerCall } = plan;
  const manyRuns = view.table.runs > 1;
  const given = loop.carried.map(({ type }, k) => inputs.value(type.dtype, type.dims, view.varyingCarried[k] === true));
  const marks = ends.early ? inputs.value("i32", [], manyRuns).tensor : null;
  const control = inputs.plain("i32", [controlSize]);
  const table = inputs.plain("i32", [loop.groups.length * slotsPerCall + 1, 1 + loop.groups.length]);
  const at = (place: keyof typeof controlPlaces) => entry(f, control, controlPlaces[place]);
  const fresh = compare(f, "NotEqual", at("fresh"), scalar(f, "i32", 0));
  const carried = given.map((before, k): Value => {
    const init = loop.carried[k]?.init;
    if (init === undefined) throw new Error(`there is no carried value ${k}`);
    const made = spread(f, view.table, main.get(init), before.axes);
    return { tensor: select(f, fresh, made.tensor, before.tensor), axes: before.axes };
  });
  const start = startState(main, ends, at("step"), carried, marks, fresh);
  const host = { end: at("end"), last: at("last"), slots: at("slots"), table };
  const { state, reached, buffers } = emitLoop(main, start, host, plan);
  state.carried.forEach((value, k) => {
    outputs.value(value, loop.carried[k]?.type.dims ?? [], view.varyingCarried[k] === true);
  });
  if (state.marks !== null) outputs.value(byRun(view, state.marks), [], manyRuns);
  outputs.plain(state.step, false);
  outputs.plain(reached, false);
  buffers.forEach((rows, group) => {
    rows.forEach((row, k) => {
      const record = loop.groups[group]?.entries[k];
      outputs.rows(row, record === undefined ? [] : (view.program.nodes[record.value]?.type.dims ?? []));
    });
  });
}

/** A run whose constant checks fail has ended before the first step. */
function startState(
  main: Region,
  ends: Ends,
  step: Tensor,
  carried: readonly Value[],
  marks: Tensor | null,
  fresh: Tensor,
): LoopState {
  const { f } = main;
  if (marks === null) return { step, carried, marks: null, going: null };
  const going = (now: Tensor) => (ends.exits ? any(f, isRunning(f, now)) : null);
  if (ends.constantChecks.length === 0) return { step, carried, marks, going: going(marks) };
  const failed = firstFailure(main, ends);
  const fails = logical(f, "LogicalAnd", fresh, compare(f, "GreaterEqual", failed, scalar(f, "i32", 0)));
  // After 0 updates the mark is the reason alone.
  const reason = binary(f, "AddV2", failed, scalar(f, "i32", failedCheck));
  const judged = select(f, fails, reason, marks);
  return { step, carried, marks: judged, going: going(judged) };
}
