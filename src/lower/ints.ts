/**
 * Ints are exact: what may leave 32 bits is an error where its bounds are known before the run, and a check in the run where they are
 * not (carried ints, scalars of a sweep, columns of files).
 */
import { UserError } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import { at } from "../ir/fault.js";
import type { DimId, Input, Node, ValueId } from "../ir/types.js";
import type { Bounds, Context } from "./context.js";

const MOST = 2 ** 31 - 1;

const anything: Bounds = { low: -MOST - 1, high: MOST, known: false };
/** Of a real, of which nothing is known. */
const everything: Bounds = { low: -Infinity, high: Infinity, known: false };
/** Ints up to this are floats of single precision, and so are their sums that stay below. */
const EXACT_IN_FLOATS = 2 ** 24;

/** Passes an int result on, once it is sure that it fits or the run watches it. `exact` makes it again in doubles. */
export function exactInt(context: Context, value: ValueId, span: Span, exact: () => ValueId): ValueId {
  if (context.builder.dtypeOf(value) !== "i32") return value;
  const bounds = boundsOf(context, context.builder.node(value));
  if (bounds.low >= -MOST - 1 && bounds.high <= MOST) return value;
  if (bounds.known) throw tooLarge(Math.abs(bounds.low) > Math.abs(bounds.high) ? bounds.low : bounds.high, span);
  const { builder } = context;
  const number = exact();
  const fits = builder.and(
    builder.ge(number, builder.constant(-MOST - 1, "f64")),
    builder.le(number, builder.constant(MOST, "f64")),
  );
  watch(context, fits, "an int leaves 32 bits: write `real(…)` around a part of it", span);
  return value;
}

/** A sum of ints: one of products of floats where it is sure to stay exact, for these are what machines are fast at. */
export function intSum(
  context: Context,
  body: ValueId,
  over: readonly DimId[],
  span: Span,
  sum: (body: ValueId) => ValueId,
): ValueId {
  const { builder: b } = context;
  const times = over.reduce((product, dim) => product * b.size(dim), 1);
  const { low, high } = boundsOfOperand(context, body);
  const most = times * Math.max(-low, high);
  if (b.dtypeOf(body) !== "i32" || most > EXACT_IN_FLOATS)
    return exactInt(context, sum(body), span, () => sum(b.cast(body, "f64")));
  const value = b.cast(sum(asFloat(context, body)), "i32");
  context.intBounds.set(value, { low: Math.min(low * times, 0), high: Math.max(high * times, 0), known: false });
  return value;
}

export function isExactInFloats(context: Context, value: ValueId): boolean {
  const { low, high } = boundsOfOperand(context, value);
  return context.builder.dtypeOf(value) === "i32" && Math.max(-low, high) <= EXACT_IN_FLOATS;
}

/** The same int as a float; products of small ints as products of floats. */
function asFloat(context: Context, value: ValueId): ValueId {
  const { builder: b } = context;
  const node = b.node(value);
  if (node.op !== "mul" || !node.operands.every((operand) => isExactInFloats(context, operand)))
    return b.cast(value, "f32");
  const [x = value, y = value] = node.operands;
  return b.mul(asFloat(context, x), asFloat(context, y));
}

/** A condition that the run must keep, looked at only where the value is used. */
export function watch(context: Context, condition: ValueId, message: string, span: Span): void {
  const { builder } = context;
  let all = condition;
  for (const guard of context.guards) all = builder.or(all, builder.not(guard));
  const dims = builder.dimsOf(all);
  builder.check(dims.length === 0 ? all : builder.reduceAll(all, dims), message, span);
}

/** A constant int that a program can hold. */
export function checkedInt(value: number, span: Span): number {
  if (Math.abs(value) > MOST) throw tooLarge(value, span);
  return value;
}

function tooLarge(value: number, span: Span): UserError {
  return new UserError({
    code: "AM3090",
    severity: "error",
    message: `this int may reach ${value.toLocaleString("en", { maximumSignificantDigits: 6 })}, beyond 32 bits`,
    span,
    notes: ["ints are exact: in runs they lie between -2,147,483,648 and 2,147,483,647"],
    help: "write `real(…)` around a part of it to compute with real numbers",
  });
}

function boundsOf(context: Context, node: Node): Bounds {
  const { builder } = context;
  const operand = (k: number): Bounds => boundsOfOperand(context, node.operands[k] ?? -1);
  switch (node.op) {
    case "constant":
      return { low: Math.min(...node.attributes.data), high: Math.max(...node.attributes.data), known: true };
    case "iota":
      return { low: 0, high: Math.max(builder.size(node.type.dims[0] ?? 0) - 1, 0), known: true };
    case "step":
      return { low: 0, high: MOST - 1, known: false };
    case "input":
      return boundsOfInput(context, at(builder.inputs, node.attributes.index));
    case "carried":
    case "loop_state":
    case "loop_final":
      return context.ranges.get(sourceKey(context, node) ?? "") ?? otherwise(node);
    case "loop":
      return { low: 0, high: node.attributes.most, known: false };
    case "rank":
      return { low: 0, high: Math.max(builder.size(node.attributes.along) - 1, 0), known: true };
    case "arg_max":
    case "arg_min":
      return { low: 0, high: Math.max(builder.size(node.attributes.over) - 1, 0), known: true };
    case "cast":
      return builder.dtypeOf(node.operands[0] ?? 0) === "bool" ? { low: 0, high: 1, known: true } : operand(0);
    case "sign":
      return { low: -1, high: 1, known: true };
    case "add":
      return combine(operand(0), operand(1), (x, y) => x + y);
    case "sub":
      return combine(operand(0), operand(1), (x, y) => x - y);
    case "mul":
      return combine(operand(0), operand(1), (x, y) => x * y);
    case "max":
      return combine(operand(0), operand(1), Math.max);
    case "min":
      return combine(operand(0), operand(1), Math.min);
    case "neg":
      return combine(operand(0), operand(0), (x) => -x);
    case "abs": {
      const { low, high, known } = operand(0);
      return { low: 0, high: Math.max(Math.abs(low), Math.abs(high)), known };
    }
    case "power_int": {
      const { exponent } = node.attributes;
      const { low, high, known } = operand(0);
      const most = Math.max(Math.abs(low), Math.abs(high)) ** exponent;
      return { low: exponent % 2 === 0 ? 0 : -most, high: most, known };
    }
    case "mod": {
      const divisor = operand(1);
      return divisor.known && divisor.low > 0 ? { low: 0, high: divisor.high - 1, known: true } : anything;
    }
    case "concat":
      return node.operands.map((_, k) => operand(k)).reduce(union);
    case "select":
      return union(operand(1), operand(2));
    case "contract": {
      const product = node.operands.map((_, k) => operand(k)).reduce((x, y) => combine(x, y, (a, c) => a * c));
      return repeated(context, node.attributes.over, product);
    }
    case "reduce_sum":
      return repeated(context, node.attributes.over, operand(0));
    case "reduce_max":
    case "reduce_min":
    case "relabel":
    case "broadcast":
    case "diagonal":
    case "gather":
    case "slice":
    case "merge":
    case "split":
    case "stop":
      return operand(0);
    default:
      return otherwise(node);
  }
}

const otherwise = (node: Node): Bounds => (node.type.dtype === "i32" ? anything : everything);

function repeated(context: Context, over: readonly DimId[], { low, high, known }: Bounds): Bounds {
  const times = over.reduce((product, dim) => product * context.builder.size(dim), 1);
  return { low: Math.min(low * times, 0), high: Math.max(high * times, 0), known };
}

function boundsOfInput(context: Context, { source, type }: Input): Bounds {
  if (type.dtype !== "i32" || source.kind !== "draw") return type.dtype === "i32" ? anything : everything;
  const { distribution } = source;
  switch (distribution.kind) {
    case "rademacher":
      return { low: -1, high: 1, known: false };
    case "permutation":
      return { low: 0, high: context.builder.size(at(type.dims, distribution.along)) - 1, known: false };
    case "choice":
      return { low: 0, high: distribution.size - 1, known: false };
    default:
      return anything;
  }
}

/** What an int that goes through a loop is called among the ranges: the same when the phase is lowered again. */
export function sourceKey(context: Context, node: Node): string | null {
  switch (node.op) {
    case "carried":
      return `carried ${node.attributes.index}`;
    case "loop_state":
      return `loop ${node.attributes.loop} state ${node.attributes.index}`;
    case "loop_final": {
      const loop = context.builder.node(at(node.operands, 0));
      return loop.op === "loop" ? `loop ${loop.attributes.loop} state ${node.attributes.index}` : null;
    }
    default:
      return null;
  }
}

/** Bounds of an operand: what was watched before stays within 32 bits. */
export function boundsOfOperand(context: Context, id: ValueId): Bounds {
  if (id < 0) return anything;
  const known = context.intBounds.get(id);
  if (known !== undefined) return known;
  const bounds = boundsOf(context, context.builder.node(id));
  const kept = bounds.known
    ? bounds
    : context.builder.dtypeOf(id) === "i32"
      ? { low: Math.max(bounds.low, -MOST - 1), high: Math.min(bounds.high, MOST), known: false }
      : bounds;
  context.intBounds.set(id, kept);
  return kept;
}

function combine(x: Bounds, y: Bounds, operation: (x: number, y: number) => number): Bounds {
  // Infinite ends times 0 have no value.
  const ends = [operation(x.low, y.low), operation(x.low, y.high), operation(x.high, y.low), operation(x.high, y.high)];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  if (Number.isNaN(low)) return everything;
  return { low, high, known: x.known && y.known };
}

export function union(x: Bounds, y: Bounds): Bounds {
  return { low: Math.min(x.low, y.low), high: Math.max(x.high, y.high), known: x.known && y.known };
}
