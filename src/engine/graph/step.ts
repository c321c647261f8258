/**
 * One update of all carried values, with what can end a run: its stop condition, a check that fails, a watched value that
 * becomes non-finite. `loop.ts` says when updates are made; this file what one is.
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
  /** Runs may end by what is judged before an update: the stop condition or a check. */
  readonly judged: boolean;
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
  /** Whether some run made the last update. Null where that need not be told: nothing is judged before an update. */
  readonly going: Tensor | null;
}

/** Scalars that hold an update back at the end of a call; null where nothing holds it back. */
export interface Gates {
  /** Whether an update may be made. */
  readonly update: Tensor;
  /** Whether this is the very last step, where the stop condition is judged all the same. */
  readonly atLast: Tensor;
}

export function findEnds(program: Program, view: Pick<ProgramView, "changing">): Ends {
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
  return {
    early,
    judged: stops || checks.length > 0,
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

/** The state after one update; carried values and the step must be bound in the region. */
export function update(region: Region, state: LoopState, ends: Ends, gates: Gates | null): LoopState {
  const { f, view } = region;
  const { loop } = view.program;
  if (loop === null) throw new Error("a program without a loop has no updates");
  const next = loop.carried.map((carried, k) => {
    const axes = carriedAt(state, k).axes;
    return spread(f, view.table, region.get(carried.next), axes);
  });
  if (state.marks === null) {
    const may = gates?.update ?? null;
    const carried = next.map((value, k) => (may === null ? value : keep(f, may, value, carriedAt(state, k))));
    return { ...state, step: advance(f, state.step, may), carried };
  }
  const { commit, marks } = judge(region, state.step, state.marks, ends, gates);
  const broken = nonFinite(region, next, ends);
  const breaks = broken === null ? null : logical(f, "LogicalAnd", commit, broken);
  const code = endCode(region, advance(f, state.step, null), becameNonFinite);
  // Without judgement and gates every update is made by some run: else the loop had ended.
  const someRun = ends.judged || gates !== null ? any(f, commit) : null;
  const carried = next.map((value, k) => {
    const before = carriedAt(state, k);
    if (!value.axes.includes(RUN)) return someRun === null ? value : keep(f, someRun, value, before);
    return keep(f, align(f, view.table, byRun(view, commit), value.axes), value, before);
  });
  return {
    step: advance(f, state.step, someRun),
    carried,
    marks: breaks === null ? marks : select(f, breaks, code, marks),
    going: state.going === null ? null : someRun,
  };
}

/** The stop condition judged at the very last step, without an update. */
export function judgeStop(region: Region, state: LoopState, atLast: Tensor): LoopState {
  const { f, view } = region;
  const stop = view.program.loop?.stop ?? null;
  if (state.marks === null || stop === null) return state;
  const running = logical(f, "LogicalAnd", isRunning(f, state.marks), atLast);
  const halted = logical(f, "LogicalAnd", running, region.get(stop).tensor);
  return { ...state, marks: select(f, halted, endCode(region, state.step, stoppedByCondition), state.marks) };
}

/** Which runs make the update, and the ends found before it: the stop condition first, then the checks. */
function judge(region: Region, step: Tensor, before: Tensor, ends: Ends, gates: Gates | null) {
  const { f, view } = region;
  const { loop, checks } = view.program;
  const result = { commit: isRunning(f, before), marks: before };
  const end = (hit: Tensor, why: number) => {
    result.marks = select(f, hit, endCode(region, step, why), result.marks);
    result.commit = logical(f, "LogicalAnd", result.commit, not(f, hit));
  };
  if (loop !== null && loop.stop !== null) {
    const halted = logical(f, "LogicalAnd", result.commit, region.get(loop.stop).tensor);
    const judged = gates === null ? null : logical(f, "LogicalOr", gates.update, gates.atLast);
    end(judged === null ? halted : logical(f, "LogicalAnd", halted, judged), stoppedByCondition);
  }
  if (gates !== null) result.commit = logical(f, "LogicalAnd", result.commit, gates.update);
  for (const number of ends.checks) {
    const condition = checks[number]?.condition;
    if (condition === undefined) throw new Error(`there is no check ${number}`);
    const holds = region.get(condition).tensor;
    end(logical(f, "LogicalAnd", result.commit, not(f, holds)), failedCheck + number);
  }
  return result;
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

/** By run: whether a watched value that started finite now has an entry that is not. */
function nonFinite(region: Region, next: readonly Value[], ends: Ends): Tensor | null {
  const { f, view } = region;
  let found: Tensor | null = null;
  next.forEach((value, k) => {
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

export function byRun(view: ProgramView, tensor: Tensor): Value {
  return { tensor, axes: view.table.runs === 1 ? [] : [RUN] };
}

/** The value after an update where it is made, else the one before. */
function keep(f: FunctionBuilder, made: Tensor, after: Value, before: Value): Value {
  return { tensor: select(f, made, after.tensor, before.tensor), axes: after.axes };
}

function advance(f: FunctionBuilder, step: Tensor, when: Tensor | null): Tensor {
  return binary(f, "AddV2", step, when === null ? scalar(f, "i32", 1) : cast(f, when, "i32"));
}

function carriedAt(state: LoopState, index: number): Value {
  const value = state.carried[index];
  if (value === undefined) throw new Error(`there is no carried value ${index}`);
  return value;
}
