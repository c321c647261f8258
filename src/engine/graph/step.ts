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
import { binary, cast, compare, isFinite, logical, not, reduce, scalar, select } from "./tensors.js";

/** Why a run has ended; a failed check n is `failedCheck + n`. */
export const stoppedByCondition = 0;
export const becameNonFinite = 1;
export const failedCheck = 2;

/** Which ends a program can have: what cannot happen costs nothing. */
export interface Ends {
  /** Some run may end before the last step: it keeps its values from then on. */
  readonly early: boolean;
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
  /** By run: the updates after which it ended, -1 while it runs. Null where runs cannot end early. */
  readonly ended: Tensor | null;
  /** By run: why. */
  readonly reason: Tensor | null;
  /** Whether any run goes on. */
  readonly going: Tensor | null;
}

/** Scalars that hold an update back at the end of a call; null where nothing holds it back. */
export interface Gates {
  /** Whether an update may be made. */
  readonly update: Tensor;
  /** Whether the stop condition is judged: also at the very last step. */
  readonly judge: Tensor;
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
  return { early, watched, checks, constantChecks: numbers.filter((number) => !changing(number)) };
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
  if (state.ended === null || state.reason === null) {
    const carried = next.map((value, k) => hold(f, gates, value, carriedAt(state, k)));
    return { ...state, step: advance(f, state.step, gates?.update ?? null), carried };
  }
  const { commit, ended, reason } = judge(region, state.step, state.ended, state.reason, ends, gates);
  const broken = nonFinite(region, next, ends);
  const after = advance(f, state.step, null);
  const breaks = broken === null ? null : logical(f, "LogicalAnd", commit, broken);
  const endedNow = breaks === null ? ended : select(f, breaks, after, ended);
  const reasonNow = breaks === null ? reason : select(f, breaks, scalar(f, "i32", becameNonFinite), reason);
  const going = any(f, commit);
  const carried = next.map((value, k) => {
    const before = carriedAt(state, k);
    const chosen = value.axes.includes(RUN) ? align(f, view.table, byRun(view, commit), value.axes) : going;
    return { tensor: select(f, chosen, value.tensor, before.tensor), axes: value.axes };
  });
  return { step: advance(f, state.step, going), carried, ended: endedNow, reason: reasonNow, going };
}

/** Which runs make the update, and the ends found before it: the stop condition first, then the checks. */
function judge(region: Region, step: Tensor, ended: Tensor, reason: Tensor, ends: Ends, gates: Gates | null) {
  const { f, view } = region;
  const { loop, checks } = view.program;
  const running = compare(f, "Less", ended, scalar(f, "i32", 0));
  const result = { commit: running, ended, reason };
  const end = (hit: Tensor, why: number) => {
    result.ended = select(f, hit, step, result.ended);
    result.reason = select(f, hit, scalar(f, "i32", why), result.reason);
    result.commit = logical(f, "LogicalAnd", result.commit, not(f, hit));
  };
  if (loop !== null && loop.stop !== null) {
    const halted = logical(f, "LogicalAnd", running, region.get(loop.stop).tensor);
    end(gates === null ? halted : logical(f, "LogicalAnd", halted, gates.judge), stoppedByCondition);
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
  const derive = (outer: Region, value: Value): Value => {
    const some = entryNonFinite(outer.f, value);
    return { tensor: not(outer.f, some.tensor), axes: some.axes };
  };
  return region.outside(init, `${init} starts finite`, derive).tensor;
}

export function byRun(view: ProgramView, tensor: Tensor): Value {
  return { tensor, axes: view.table.runs === 1 ? [] : [RUN] };
}

function hold(f: FunctionBuilder, gates: Gates | null, after: Value, before: Value): Value {
  if (gates === null) return after;
  return { tensor: select(f, gates.update, after.tensor, before.tensor), axes: after.axes };
}

function advance(f: FunctionBuilder, step: Tensor, when: Tensor | null): Tensor {
  return binary(f, "AddV2", step, when === null ? scalar(f, "i32", 1) : cast(f, when, "i32"));
}

export function any(f: FunctionBuilder, x: Tensor): Tensor {
  return reduce(
    f,
    "Any",
    x,
    x.shape.map((_, k) => k),
  );
}

function carriedAt(state: LoopState, index: number): Value {
  const value = state.carried[index];
  if (value === undefined) throw new Error(`there is no carried value ${index}`);
  return value;
}
