/**
 * One visit of a step: what ends runs there (a value that is no longer finite, the stop condition, a check that fails), then
 * the update of the runs that go on. `loop.ts` says which steps are visited; this file what a visit is. Everything is judged
 * before the update, and the update needs the judgement: so XLA sees that nothing reads the old values later, and updates
 * them in place (judging the new values cost a copy of the state each step).
 */
import type { Program } from "../../ir/types.js";
import { align, RUN, spread } from "./axes.js";
import type { Value } from "./axes.js";
import type { FunctionBuilder, Tensor } from "./function-builder.js";
import type { ProgramView } from "./analyse.js";
import type { Region } from "./region.js";
import { any, binary, cast, compare, isFinite, logical, not, reduce, scalar, select } from "./tensors.js";

/** Why a run has ended; a failed check n is `failedCheck + n`. */
export const stoppedByCondition = 0;
export const becameNonFinite = 1;
export const failedCheck = 2;

/** A run's mark: -1 while it runs, then `updates * kinds + reason`, one number for both. */
export const running = -1;
export const kindsOfEnd = (program: Program): number => failedCheck + program.checks.length;

/** Which ends a program can have: what cannot happen costs nothing. */
export interface Ends {
  /** Some run may end before the last step: it keeps its values from then on. */
  readonly early: boolean;
  /**
   * The loop itself ends when no run goes on. Left to the host (at the end of the call) where runs are many, end by divergence
   * alone and keep all values apart: that they all diverge is rare, and to ask for it costs something at each step.
   */
  readonly exits: boolean;
  /** By position: whether a carried value is watched, and whether it is known to start finite. */
  readonly watched: readonly ("no" | "finite" | "unknown")[];
  /** Numbers of checks that are judged with each update, and of those judged once. */
  readonly checks: readonly number[];
  readonly constantChecks: readonly number[];
}

export interface LoopState {
  /** Updates done, a scalar. */
  readonly step: Tensor;
  readonly carried: readonly Value[];
  /** By run: whether, when and why it ended (see `running`). Null where runs cannot end early. */
  readonly marks: Tensor | null;
  /** Whether any run goes on, as far as it was judged. Null where the loop does not end by that. */
  readonly going: Tensor | null;
}

/** Scalars that hold things back at the end of a call; null where nothing is held back. */
export interface Gates {
  /** Whether an update may be made; null: none is made here. */
  readonly update: Tensor | null;
  /** Whether this is the very last step, where the stop condition is judged all the same. */
  readonly atLast: Tensor;
}

export function findEnds(program: Program, view: ProgramView): Ends {
  const { loop } = program;
  const watched = (loop?.carried ?? []).map((carried) => {
    const real = carried.type.dtype === "f32" || carried.type.dtype === "f64";
    if (!carried.watched || !real) return "no";
    return isFiniteConstant(program, carried.init) ? "finite" : "unknown";
  });
  const numbers = program.checks.map((_, number) => number);
  const changing = (number: number) => {
    const condition = program.checks[number]?.condition;
    return condition !== undefined && view.changing[condition] === true;
  };
  const checks = numbers.filter(changing);
  const stops = loop !== null && loop.stop !== null;
  const early = stops || program.checks.length > 0 || watched.some((kind) => kind !== "no");
  const shared = view.varyingCarried.includes(false);
  return {
    early,
    exits: early && (view.table.runs === 1 || shared || stops || checks.length > 0),
    watched,
    checks,
    constantChecks: numbers.filter((number) => !changing(number)),
  };
}

function isFiniteConstant(program: Program, id: number): boolean {
  const node = program.nodes[id];
  if (node === undefined) return false;
  if (node.op === "broadcast" || node.op === "relabel") return node.operands.every((x) => isFiniteConstant(program, x));
  return node.op === "constant" && node.attributes.data.every(Number.isFinite);
}

/** The state after a visit with its update; carried values and the step must be bound in the region. */
export function visit(region: Region, state: LoopState, ends: Ends, gates: Gates | null): LoopState {
  const { f, view } = region;
  const { loop } = view.program;
  if (loop === null) throw new Error("a program without a loop has no updates");
  const marks = judge(region, state, ends, gates);
  const may = gates?.update ?? null;
  const running = marks === null ? null : isRunning(f, marks);
  const commit = running === null || may === null ? (running ?? may) : logical(f, "LogicalAnd", running, may);
  const some = ends.exits && commit !== null ? any(f, commit) : may;
  const carried = loop.carried.map(({ next }, k) => {
    const before = carriedAt(state, k);
    const after = spread(f, view.table, region.get(next), before.axes);
    // What is the same for all runs goes on as long as any of them does.
    const made = !before.axes.includes(RUN) ? some : commit && align(f, view.table, perRun(view, commit), before.axes);
    return made === null ? after : { tensor: select(f, made, after.tensor, before.tensor), axes: before.axes };
  });
  const step = binary(f, "AddV2", state.step, some === null ? scalar(f, "i32", 1) : cast(f, some, "i32"));
  return { step, carried, marks, going: ends.exits ? some : null };
}

/** The marks after everything that can end a run at this step: first values, then the stop condition, then the checks. */
export function judge(region: Region, state: LoopState, ends: Ends, gates: Gates | null): Tensor | null {
  const { f, view } = region;
  const { loop, checks } = view.program;
  if (state.marks === null || loop === null) return null;
  let { marks } = state;
  const end = (hit: Tensor, reason: number, gate: Tensor | null) => {
    const running = logical(f, "LogicalAnd", isRunning(f, marks), hit);
    const now = gate === null ? running : logical(f, "LogicalAnd", running, gate);
    marks = select(f, now, endCode(region, state.step, reason), marks);
  };
  const broken = nonFinite(region, state.carried, ends);
  if (broken !== null) end(broken, becameNonFinite, null);
  const may = gates?.update ?? null;
  if (loop.stop !== null) {
    const stopGate =
      gates === null || may === null ? (gates?.atLast ?? null) : logical(f, "LogicalOr", may, gates.atLast);
    end(region.get(loop.stop).tensor, stoppedByCondition, stopGate);
  }
  if (gates !== null && may === null) return marks;
  for (const number of ends.checks) {
    const condition = checks[number]?.condition;
    if (condition === undefined) throw new Error(`there is no check ${number}`);
    end(not(f, region.get(condition).tensor), failedCheck + number, may);
  }
  return marks;
}

export function isRunning(f: FunctionBuilder, marks: Tensor): Tensor {
  return compare(f, "Less", marks, scalar(f, "i32", 0));
}

/** The mark of runs that end after `step` updates. */
function endCode(region: Region, step: Tensor, reason: number): Tensor {
  const { f, view } = region;
  const scaled = binary(f, "Mul", step, scalar(f, "i32", kindsOfEnd(view.program)));
  return binary(f, "AddV2", scaled, scalar(f, "i32", reason));
}

/** By run: whether a watched value that started finite has an entry that is not. */
function nonFinite(region: Region, values: readonly Value[], ends: Ends): Tensor | null {
  const { f, view } = region;
  let found: Tensor | null = null;
  values.forEach((value, k) => {
    const kind = ends.watched[k];
    const init = view.program.loop?.carried[k]?.init;
    if (kind === undefined || kind === "no" || init === undefined) return;
    const some = entryNonFinite(f, value).tensor;
    const lost = kind === "finite" ? some : logical(f, "LogicalAnd", some, startedFinite(region, init));
    found = found === null ? lost : logical(f, "LogicalOr", found, lost);
  });
  return found;
}

function entryNonFinite(f: FunctionBuilder, value: Value): Value {
  const bad = not(f, isFinite(f, value.tensor));
  const over = value.axes.flatMap((axis, position) => (axis === RUN ? [] : [position]));
  return { tensor: reduce(f, "Any", bad, over), axes: value.axes.filter((axis) => axis === RUN) };
}

/** By run, or for all: whether the initial value is finite. Computed outside the loop. */
function startedFinite(region: Region, init: number): Tensor {
  const compute = (outermost: Region): Value => {
    const some = entryNonFinite(outermost.f, outermost.get(init));
    return { tensor: not(outermost.f, some.tensor), axes: some.axes };
  };
  return region.outside(`${init} starts finite`, compute).tensor;
}

/** A tensor with an entry for each run, as a value. */
export function byRun(view: ProgramView, tensor: Tensor): Value {
  return { tensor, axes: view.table.runs === 1 ? [] : [RUN] };
}

/** The same, or a scalar for all runs. */
function perRun(view: ProgramView, tensor: Tensor): Value {
  return tensor.shape.length === 0 ? { tensor, axes: [] } : byRun(view, tensor);
}

function carriedAt(state: LoopState, index: number): Value {
  const value = state.carried[index];
  if (value === undefined) throw new Error(`there is no carried value ${index}`);
  return value;
}
