/**
 * Values that are known before a run: constants, sizes and coordinates of axes, lists, at one point of the sweeps.
 * Everything is computed in doubles; ints are exact or refused. Pure: the planner calls this for each point.
 */
import { UserError, type Code } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import { integerPower, operations, reduceNumbers } from "./constant-operations.js";
import { partRuns, placementInRoot, placeOf, positionsIn, rootOf, sizeIn } from "./made-axes.js";
import type { ApplyExpr, Axis, AxisId, Constant, ConstantId, Expr, IndexId, ListExpr, ReduceExpr } from "./typed.js";

/** Where a constant is evaluated: the values of the sweep variables (a label is its position among the labels). */
export interface ConstantPoint {
  readonly experiment: {
    readonly axes: ReadonlyMap<AxisId, Axis>;
    readonly constants: ReadonlyMap<ConstantId, Constant>;
  };
  readonly sweeps: ReadonlyMap<AxisId, number>;
  /** Positions of bound indices. */
  readonly indices?: ReadonlyMap<IndexId, number>;
}

/** The most entries of a list, and the most positions of an axis that are listed one by one. */
export const MOST_ENTRIES = 1_000_000;
/** Entries that reductions and lists may visit for one point of the sweeps. */
const MOST_VISITS = 2_000_000;

/** What is known of one point already: constants may name each other in ways that double with every line. */
interface Known {
  readonly constants: ConstantPoint["experiment"]["constants"];
  readonly numbers: Map<ConstantId, number>;
  readonly lists: Map<ListExpr, readonly number[]>;
  visits: number;
}

const knownAt = new WeakMap<ConstantPoint["sweeps"], Known>();

function knownOf({ experiment, sweeps }: ConstantPoint): Known {
  const before = knownAt.get(sweeps);
  if (before?.constants === experiment.constants) return before;
  const known = { constants: experiment.constants, numbers: new Map(), lists: new Map(), visits: 0 };
  knownAt.set(sweeps, known);
  return known;
}

function visit(count: number, span: Span, point: ConstantPoint): void {
  const known = knownOf(point);
  known.visits += count;
  if (known.visits > MOST_VISITS)
    fail("AM4034", `working this out visits more than ${MOST_VISITS.toLocaleString("en")} entries`, span);
}

/** Thrown where a value rests on something of which a fault has been told: nothing more is said. */
export class UnknownValue extends UserError {}

const largest = 2 ** 31 - 1;

function fail(code: Code, message: string, span: Span, help?: string): never {
  throw new UserError({ code, severity: "error", message, span, ...(help === undefined ? {} : { help }) });
}

function axisOf(id: AxisId, point: ConstantPoint): Axis {
  const axis = point.experiment.axes.get(id);
  if (axis === undefined) throw new Error(`axis ${id} is not in the experiment`);
  return axis;
}

/** The number that a constant expression is; bools are 0 or 1, labels and indices their positions. */
export function evaluateConstant(expr: Expr, point: ConstantPoint): number {
  const value = evaluate(expr, point);
  if (expr.type.kind === "int" && !Number.isSafeInteger(value)) {
    const why = Number.isFinite(value)
      ? `${value} is too large for an exact int`
      : `the value is ${value}, which is no int`;
    return fail("AM4001", why, expr.span, "write `real(…)` around one of its parts to compute with real numbers");
  }
  return value;
}

function evaluate(expr: Expr, point: ConstantPoint): number {
  switch (expr.kind) {
    case "number":
      return expr.value;
    case "boolean":
      return expr.value ? 1 : 0;
    case "label":
      return expr.position;
    case "constant": {
      const constant = point.experiment.constants.get(expr.constant);
      if (constant === undefined || !("type" in constant.value))
        throw new Error(`constant ${expr.constant} is no number`);
      const { numbers } = knownOf(point);
      const value = numbers.get(expr.constant) ?? evaluateConstant(constant.value, point);
      numbers.set(expr.constant, value);
      return value;
    }
    case "sweep": {
      const value = point.sweeps.get(expr.axis);
      if (value === undefined)
        throw new Error(`the sweep variable \`${axisOf(expr.axis, point).name}\` has no value here`);
      return value;
    }
    case "size":
      return axisSize(axisOf(expr.axis, point), point);
    case "index": {
      const value = point.indices?.get(expr.index.id);
      if (value === undefined) throw new Error(`the index \`${expr.index.name}\` has no value here`);
      return value;
    }
    case "apply":
      return evaluateApply(expr, point);
    case "if":
      return evaluateConstant(evaluateConstant(expr.condition, point) !== 0 ? expr.then : expr.otherwise, point);
    case "case": {
      const arm = expr.arms[evaluateConstant(expr.subject, point)];
      if (arm === undefined) throw new Error("a `case` without an arm for its label");
      return evaluateConstant(arm, point);
    }
    case "reduce":
      return evaluateReduce(expr, point);
    case "element": {
      const values = evaluateList(expr.list, point);
      const at = evaluateConstant(expr.position, point);
      return (
        values[at] ?? fail("AM4002", `the list has ${values.length} entries, and this asks for entry ${at}`, expr.span)
      );
    }
    case "stop":
      return evaluateConstant(expr.operand, point);
    case "unknown":
      throw new UnknownValue({ code: "AM4009", severity: "error", message: "this is not known", span: expr.span });
    default:
      throw new Error(`\`${expr.kind}\` is no constant`);
  }
}

function evaluateApply(expr: ApplyExpr, point: ConstantPoint): number {
  const first = expr.operands[0];
  // What is not looked at may fail: `n > 0 and 1 / n < 2`.
  if ((expr.operation === "and" || expr.operation === "or") && first !== undefined) {
    const isTrue = evaluateConstant(first, point) !== 0;
    if (isTrue === (expr.operation === "or")) return isTrue ? 1 : 0;
  }
  if ((expr.operation === "real" || expr.operation === "position") && first?.type.kind === "index") {
    const at = evaluateConstant(first, point);
    return expr.operation === "position"
      ? placeOf(first.type.axis, expr.along, at, point)
      : coordinateAt(axisOf(first.type.axis, point), at, point);
  }
  const values = expr.operands.map((operand) => evaluateConstant(operand, point));
  if (expr.operation === "power_int") return integerPower(values[0] ?? NaN, expr.exponent ?? 0);
  if ((expr.operation === "floor_div" || expr.operation === "mod") && values[1] === 0)
    return fail("AM4003", "this divides by 0", expr.span);
  return operations[expr.operation](...values);
}

/** Reductions over axes and ranges whose bodies are constants themselves. */
function evaluateReduce(expr: ReduceExpr, point: ConstantPoint): number {
  const values: number[] = [];
  const indices = new Map(point.indices);
  const here = { ...point, indices };
  const collect = (k: number): void => {
    const index = expr.over[k];
    if (index === undefined) {
      visit(1, expr.span, point);
      if (expr.where === null || evaluateConstant(expr.where, here) !== 0)
        values.push(evaluateConstant(expr.body, here));
      return;
    }
    const size = axisSize(axisOf(index.axis, point), here);
    for (let at = 0; at < size; at++) {
      indices.set(index.id, at);
      collect(k + 1);
    }
  };
  collect(0);
  const { reducer, argument } = expr;
  const share = reducer !== "quantile" || argument === undefined ? 0.5 : evaluateConstant(argument, point);
  return reduceNumbers(reducer, values, share);
}

/** All values of a list, in order. */
export function evaluateList(list: ListExpr, point: ConstantPoint): readonly number[] {
  switch (list.kind) {
    case "items":
      return list.items.map((item) => evaluateConstant(item, point));
    case "range": {
      const [from, to] = [wholeNumber(list.from, point), wholeNumber(list.to, point)];
      return Array.from({ length: countOf(Math.max(0, to - from + 1), list.span) }, (_, k) => from + k);
    }
    case "linspace":
    case "logspace":
      return evaluateGrid(list, point);
    case "powers": {
      const base = evaluateConstant(list.base, point);
      return evaluateList(list.exponents, point).map((exponent) => Math.pow(base, exponent));
    }
    case "concat": {
      const values: number[] = [];
      for (const part of list.lists) {
        for (const value of evaluateList(part, point)) values.push(value);
        countOf(values.length, list.span);
      }
      return values;
    }
    case "constant":
      return listOnce(listOf(list.constant, point), point);
    case "case":
      return evaluateList(armOf(list, point), point);
  }
}

/** How many entries a list has; the sweeps that its entries alone depend on need no values. */
export function listLength(list: ListExpr, point: ConstantPoint): number {
  switch (list.kind) {
    case "items":
      return list.items.length;
    case "powers":
      return listLength(list.exponents, point);
    case "linspace":
    case "logspace":
      return countOf(wholeNumber(list.count, point), list.span);
    case "concat":
      return countOf(
        list.lists.reduce((sum, part) => sum + listLength(part, point), 0),
        list.span,
      );
    case "constant":
      return listLength(listOf(list.constant, point), point);
    case "range":
      return evaluateList(list, point).length;
    case "case":
      return listLength(armOf(list, point), point);
  }
}

/** The list that a `case` chooses. */
export function armOf(list: Extract<ListExpr, { readonly kind: "case" }>, point: ConstantPoint): ListExpr {
  const arm = list.arms[evaluateConstant(list.subject, point)];
  if (arm === undefined) throw new Error("a `case` without an arm for its label");
  return arm;
}

/** The list that a `let` is. */
export function listOf(id: ConstantId, point: ConstantPoint): ListExpr {
  const constant = point.experiment.constants.get(id);
  if (constant === undefined || "type" in constant.value) throw new Error(`constant ${id} is no list`);
  return constant.value;
}

/** Of a list that names no indices. */
function listOnce(list: ListExpr, point: ConstantPoint): readonly number[] {
  const { lists } = knownOf(point);
  const before = lists.get(list);
  if (before !== undefined) return before;
  const values = evaluateList(list, point);
  visit(values.length, list.span, point);
  lists.set(list, values);
  return values;
}

function evaluateGrid(
  list: Extract<ListExpr, { readonly kind: "linspace" | "logspace" }>,
  point: ConstantPoint,
): readonly number[] {
  const [from, to] = [evaluateConstant(list.from, point), evaluateConstant(list.to, point)];
  const count = countOf(wholeNumber(list.count, point), list.span);
  const isLog = list.kind === "logspace";
  if (isLog && !(from > 0 && to > 0))
    return fail("AM4004", `the ends of \`logspace\` have to be greater than 0; these are ${from} and ${to}`, list.span);
  return Array.from({ length: count }, (_, k) => {
    if (k === 0) return from;
    if (k === count - 1) return to;
    const share = k / (count - 1);
    return isLog ? from * Math.pow(to / from, share) : from + (to - from) * share;
  });
}

function wholeNumber(expr: Expr, point: ConstantPoint): number {
  const value = evaluateConstant(expr, point);
  return Number.isSafeInteger(value)
    ? value
    : fail("AM4005", `a whole number is wanted here, and this is ${value}`, expr.span);
}

function countOf(value: number, span: Span): number {
  if (value < 0) return fail("AM4006", `a list cannot have ${value} entries`, span);
  if (value > MOST_ENTRIES) return fail("AM4007", `${value} entries are too many`, span);
  return value;
}

/** How many positions an axis has. Not for sweeps: which points they have, the planner says. */
export function axisSize(axis: Axis, point: ConstantPoint): number {
  const { kind } = axis;
  switch (kind.kind) {
    case "plain": {
      const value = evaluate(kind.size, point);
      const size = `the size of axis \`${axis.name}\``;
      if (!Number.isFinite(value)) return fail("AM4008", `${size} is ${value}`, kind.size.span);
      if (!Number.isInteger(value))
        return fail("AM4008", `${size} has to be a whole number, and it is ${value}`, kind.size.span);
      if (value < 0) return fail("AM4008", `${size} is ${value}, which is less than 0`, kind.size.span);
      if (value > largest) return fail("AM4008", `${size} is ${value}, which is too large`, kind.size.span);
      return value;
    }
    case "coordinates":
      return listLength(kind.values, point);
    case "labels":
      return kind.labels.length;
    case "range":
      return Math.max(0, wholeNumber(kind.to, point) - wholeNumber(kind.from, point) + 1);
    case "part":
      return sizeIn(partRuns(axis, point));
    case "join":
      return madeSize(axis, kind.parts, (sum, size) => sum + size, 0, point);
    case "product":
      return madeSize(axis, kind.factors, (product, size) => product * size, 1, point);
    case "sweep":
      throw new Error(`the sweep \`${axis.name}\` has no size at a point`);
  }
}

function madeSize(
  axis: Axis,
  of: readonly AxisId[],
  combine: (total: number, size: number) => number,
  start: number,
  point: ConstantPoint,
): number {
  const size = of.map((id) => axisSize(axisOf(id, point), point)).reduce(combine, start);
  return size > largest
    ? fail("AM4008", `the size of axis \`${axis.name}\` is ${size}, which is too large`, axis.span)
    : size;
}

/** What one position of an axis reads as. */
function coordinateAt(axis: Axis, at: number, point: ConstantPoint): number {
  const { kind } = axis;
  switch (kind.kind) {
    case "plain":
    case "labels":
    case "join":
    case "product":
      return at;
    case "part": {
      const root = axisOf(rootOf(point.experiment.axes, axis.id), point);
      const position = positionsIn(placementInRoot(axis.id, point))[at] ?? NaN;
      return isListed(root) ? coordinateAt(root, position, point) : position;
    }
    case "range":
      return wholeNumber(kind.from, point) + at;
    case "coordinates":
      return listOnce(kind.values, point)[at] ?? NaN;
    case "sweep":
      throw new Error(`the sweep \`${axis.name}\` has no coordinates at a point`);
  }
}

/** Whether positions read as something else. */
const isListed = ({ kind }: Axis): boolean => kind.kind === "coordinates" || kind.kind === "range";

/** What all positions of an axis read as; positions again where it has labels. Throws where they are too many to be listed. */
export function axisCoordinates(axis: Axis, point: ConstantPoint): readonly number[] {
  if (axis.kind.kind === "coordinates") return listOnce(axis.kind.values, point);
  const size = axisSize(axis, point);
  if (size > MOST_ENTRIES)
    return fail(
      "AM4008",
      `a result over axis \`${axis.name}\` has ${size} entries, which are too many to be listed`,
      axis.span,
      "reduce over the axis in the phase",
    );
  if (axis.kind.kind === "part") {
    const root = axisOf(rootOf(point.experiment.axes, axis.id), point);
    const positions = positionsIn(placementInRoot(axis.id, point));
    return isListed(root) ? positions.map((position) => coordinateAt(root, position, point)) : positions;
  }
  const first = axis.kind.kind === "range" ? coordinateAt(axis, 0, point) : 0;
  return Array.from({ length: size }, (_, k) => first + k);
}
