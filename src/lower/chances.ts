/** From uniform numbers to positions and ints: the same before a loop and inside of one. */
import type { ValueId } from "../ir/types.js";
import { evaluateConstant } from "../language/constants.js";
import type { Draw, Index } from "../language/typed.js";
import { dimAlong } from "./axes.js";
import type { Context } from "./context.js";
import { spread } from "./expressions.js";

type Among = Extract<Draw["distribution"], { readonly kind: "among" }>;

/** The first position whose cumulative share is above `uniform`; weights need no sum of 1. */
export function categorical(context: Context, uniform: ValueId, over: Index, weights: ValueId): ValueId {
  const { builder } = context;
  const dim = dimAlong(context, over);
  const all = spread(context, weights, [dim]);
  const reached = builder.cumulativeSum(all, dim);
  const share = builder.mul(uniform, builder.reduceSum(all, [dim]));
  const passed = builder.select(builder.le(reached, share), builder.constant(1, "i32"), builder.constant(0, "i32"));
  return builder.min(builder.reduceSum(passed, [dim]), builder.lastOf(dim));
}

/** An int from the lower end on. */
export function among(context: Context, uniform: ValueId, { from, to }: Among): ValueId {
  const { builder, experiment, structural } = context;
  const at = (expr: Among["from"]): number => evaluateConstant(expr, { experiment, sweeps: structural });
  const [low, high] = [at(from), at(to)];
  const count = Math.max(1, high - low + 1);
  const place = builder.cast(builder.floor(builder.mul(uniform, builder.constant(count, experiment.precision))), "i32");
  return builder.add(builder.constant(low, "i32"), builder.min(place, builder.constant(count - 1, "i32")));
}
