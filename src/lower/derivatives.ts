/** Derivatives: what is differentiated by is given a value of its own, so that nothing else is taken for it. */
import { gradient, tangent } from "../ir/derive.js";
import type { DimId, ValueId } from "../ir/types.js";
import type { DefinitionId, GradExpr, Subscript } from "../language/typed.js";
import { definitionOf, type Context, type Environment } from "./context.js";
import { dimAlong } from "./axes.js";
import { dimsOf, lowerDefinition } from "./definitions.js";
import { lowerReal, spread } from "./expressions.js";
import { subscripted } from "./reads.js";

/** `grad(e, v)`: v is the value that it has here; with a direction, the derivative of that along it. */
export function lowerGrad(context: Context, environment: Environment, expr: GradExpr): ValueId {
  const cut = cutOut(context, environment, expr.by);
  const first = derivativeOf(context, lowerReal(context, cut.inside, expr.of), cut.variable);
  if (expr.along === undefined) return subscripted(context, environment, expr.by, cut.uncut(first), expr.subscripts);
  const { indices, value } = expr.along;
  const here = indices.map((index) => dimAlong(context, index));
  const given = expr.subscripts.slice(0, expr.subscripts.length - here.length);
  const own = dimsOf(context, definitionOf(context, expr.by)).slice(given.length);
  const along = context.builder.relabel(spread(context, lowerReal(context, environment, value), here), here, own);
  // What is at other positions does not move, though it may have part in the value.
  const isElsewhereUnused = expr.mapped !== undefined || given.length === 0;
  const direction = isElsewhereUnused
    ? along
    : context.builder.mul(along, chosenAt(context, environment, expr.by, given));
  const second = alongDirection(context, first, cut.variable, direction);
  return subscripted(context, environment, expr.by, cut.uncut(second), expr.subscripts);
}

/** A tensor with a value of its own. */
export interface Cut {
  /** Over all dims of the tensor, and perhaps those that a `with` brought in. */
  readonly variable: ValueId;
  /** The place where the tensor has this value. */
  readonly inside: Environment;
  /** From a derivative by the variable to one by the tensor. */
  readonly uncut: (derivative: ValueId) => ValueId;
}

/**
 * What is carried or was left behind by an earlier phase is a value of its own already. Anything else may be equal to another tensor, a
 * constant, or lack dims along which it is constant: it is taken through a sum along a dim of size 1 that nothing else has.
 */
export function cutOut(context: Context, environment: Environment, by: DefinitionId): Cut {
  const { builder } = context;
  const at = spread(context, lowerDefinition(context, environment, by), dimsOf(context, definitionOf(context, by)));
  const node = builder.node(at);
  const isLeftBehind = node.op === "input" && builder.inputs[node.attributes.index]?.source.kind === "result";
  const isOwn = environment.get(by) !== undefined && !environment.isReplaced(by);
  if (isOwn && (node.op === "carried" || isLeftBehind))
    return { variable: at, inside: environment, uncut: (derivative) => derivative };
  const { variable, read, uncut } = ownValue(context, at);
  return { variable, inside: environment.with([[by, read]]), uncut };
}

/** Equal to a value, and the same as no other. */
function ownValue(context: Context, at: ValueId): Pick<Cut, "variable" | "uncut"> & { readonly read: ValueId } {
  const { builder } = context;
  const mark = builder.dim("cut", 1);
  const variable = builder.cumulativeSum(builder.broadcast(at, [...builder.dimsOf(at), mark]), mark);
  const uncut = (derivative: ValueId): ValueId => builder.reduceSum(derivative, [mark]);
  return { variable, read: uncut(variable), uncut };
}

/**
 * As `cutOut`, of what is at given subscripts of the first axes: over the dims of the others and those of the indices in the subscripts.
 * What is elsewhere keeps its value.
 */
export function cutOutAt(
  context: Context,
  environment: Environment,
  by: DefinitionId,
  given: readonly Subscript[],
): Cut {
  const { builder } = context;
  const definition = definitionOf(context, by);
  const whole = spread(context, lowerDefinition(context, environment, by), dimsOf(context, definition));
  const rest = definition.axes.slice(given.length);
  const others = rest.map((index): Subscript => ({ kind: "index", index, span: index.span }));
  const here = ownValue(context, subscripted(context, environment, by, whole, [...given, ...others]));
  const isChosen = builder.gt(
    chosenAt(context, environment, by, given),
    builder.constant(0.5, context.experiment.precision),
  );
  const { variable, uncut } = here;
  return { variable, inside: environment.with([[by, builder.select(isChosen, here.read, whole)]]), uncut };
}

/** 1 where the first axes of a tensor are at given subscripts, 0 elsewhere: the derivative of a read by what is read. */
function chosenAt(context: Context, environment: Environment, by: DefinitionId, given: readonly Subscript[]): ValueId {
  const { builder } = context;
  const definition = definitionOf(context, by);
  const first = dimsOf(context, definition).slice(0, given.length);
  const { variable, read, uncut } = ownValue(context, builder.constant(0, context.experiment.precision, first));
  const rest = definition.axes.slice(given.length);
  const others = rest.map((index): Subscript => ({ kind: "index", index, span: index.span }));
  const taken = subscripted(context, environment, by, read, [...given, ...others]);
  return uncut(derivativeOf(context, taken, variable));
}

/**
 * The derivative of each entry of the output, over the output's dims beside all of the variable's. Dims that both have were brought in by
 * a `with`: entries at different positions of them have nothing to do with each other.
 */
export function derivativeOf(context: Context, output: ValueId, variable: ValueId): ValueId {
  const { builder } = context;
  const shared = builder.dimsOf(output).filter((dim) => builder.dimsOf(variable).includes(dim));
  const dims = builder.dimsOf(output).filter((dim) => !shared.includes(dim));
  const copies = dims.map((dim) => builder.copyOf(dim));
  const real = context.experiment.precision;
  // One-hot cotangents: dims that only the seed has are kept beside those of the result.
  const seed = dims.reduce(
    (product, dim, k) => builder.mul(product, builder.cast(sameAt(context, dim, copies[k] ?? dim), real)),
    builder.constant(1, real, shared),
  );
  const [derivative = variable] = gradient(builder, output, [variable], seed);
  return builder.relabel(spread(context, derivative, copies), copies, dims);
}

function sameAt(context: Context, x: DimId, y: DimId): ValueId {
  return context.builder.eq(context.builder.iota(x), context.builder.iota(y));
}

/**
 * How a value changes when the variable moves along a direction. Dims that only the direction has may be those of the value as well, or
 * labels that it passes through: they go under other labels until the end.
 */
export function alongDirection(context: Context, value: ValueId, variable: ValueId, direction: ValueId): ValueId {
  const { builder } = context;
  const extra = builder.dimsOf(direction).filter((dim) => !builder.dimsOf(variable).includes(dim));
  const copies = extra.map((dim) => builder.copyOf(dim));
  const apart = extra.length === 0 ? direction : builder.relabel(direction, extra, copies);
  const moves = [{ from: variable, tangent: spread(context, apart, builder.dimsOf(variable)) }];
  const [moved = value] = tangent(builder, [value], moves);
  return extra.reduce((result, dim, k) => {
    const copy = copies[k] ?? dim;
    const has = (one: DimId): boolean => builder.dimsOf(result).includes(one);
    if (!has(copy)) return result;
    return has(dim) ? builder.diagonal(result, dim, copy) : builder.relabel(result, [copy], [dim]);
  }, moved);
}
