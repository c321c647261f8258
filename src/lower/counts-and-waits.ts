/** Gamma and Poisson draws in a program: their parameters may be tensors. On the host: `src/ir/draws`. */
import { gammaTrials, gammaWords } from "../ir/draws/gamma.js";
import type { ValueId } from "../ir/types.js";
import type { Definition } from "../language/typed.js";
import type { Context } from "./context.js";
import { watch } from "./ints.js";
import { normalOf, uniformOf } from "./word-numbers.js";

/** Marsaglia and Tsang's method; all trials of an entry lie along a dim, and the first accepted one is taken. */
export function gammaDraw(
  context: Context,
  key: readonly [ValueId, ValueId],
  shape: ValueId,
  scale: ValueId,
  definition: Definition,
): ValueId {
  const { builder: b, experiment } = context;
  const { precision } = experiment;
  const number = (value: number): ValueId => b.constant(value, precision);
  watchGamma(context, shape, scale, definition);
  // What is accepted depends on the shape in jumps, so there is no derivative by it.
  const fixed = b.stop(shape);
  const isSmall = b.lt(fixed, number(1));
  const d = b.sub(b.select(isSmall, b.add(fixed, number(1)), fixed), number(1 / 3));
  const trial = b.dim("trial", gammaTrials);
  const words = (purpose: number, counter: ValueId) => (word: 0 | 1) =>
    b.threefry(...key, counter, b.constant(purpose, "i32"), word);
  const counter = b.iota(trial);
  const x = normalOf(context, words(gammaWords.normal, counter)(0));
  const t = b.div(x, b.mul(number(3), b.sqrt(d)));
  const u = b.sub(number(1), uniformOf(context, words(gammaWords.accept, counter)));
  const inside = b.gt(t, number(-1));
  const safe = b.select(inside, t, number(0));
  // log u < x²/2 + d - d v + d log v with v = (1 + t)³: so written, nothing large cancels.
  const bend = b.mul(b.mul(safe, safe), b.sub(number(1.5), safe));
  const bound = b.mul(d, b.add(bend, b.mul(number(3), b.sub(b.log1p(safe), safe))));
  const accepted = b.and(inside, b.lt(b.log(u), bound));
  const first = b.argMax(b.select(accepted, number(1), number(0)), trial);
  const chosen = b.reduceSum(b.select(b.and(accepted, b.eq(counter, first)), safe, number(0)), [trial]);
  const large = b.mul(d, b.powerInt(b.add(number(1), chosen), 3));
  const v = b.sub(number(1), uniformOf(context, words(gammaWords.boost, b.constant(0, "i32"))));
  const small = b.mul(large, b.exp(b.div(b.log(v), b.select(isSmall, fixed, number(1)))));
  return b.mul(scale, b.select(isSmall, small, large));
}

export function watchGamma(context: Context, shape: ValueId, scale: ValueId, definition: Definition): void {
  const { builder, experiment } = context;
  const zero = builder.constant(0, experiment.precision);
  const { shown, span } = named(definition);
  watch(context, builder.gt(shape, zero), `the shape of ${shown}, a gamma draw, is not above 0`, span);
  watch(context, builder.ge(scale, zero), `the scale of ${shown}, a gamma draw, is negative`, span);
}

/** Chances are taken at so many counts around the mean. */
const searched = 256;
/** Up to here they leave out less than 10^-9. */
export const largestMeanInside = 400;

/** The first count whose cumulative chance is above `uniform`. */
export function poissonDraw(context: Context, uniform: ValueId, mean: ValueId, definition: Definition): ValueId {
  const { builder: b, experiment } = context;
  const number = (value: number): ValueId => b.constant(value, experiment.precision);
  watchPoisson(context, mean, largestMeanInside, definition);
  const fixed = b.stop(mean);
  const count = b.dim("count", searched);
  const from = b.max(b.sub(b.cast(b.floor(fixed), "i32"), b.constant(searched / 2 - 1, "i32")), b.constant(0, "i32"));
  const place = b.iota(count);
  const counted = b.cast(b.max(b.add(from, place), b.constant(1, "i32")), experiment.precision);
  // The chance of k is that of k - 1 times mean / k; the largest is scaled to 1.
  const change = b.select(b.eq(place, b.constant(0, "i32")), number(0), b.log(b.div(fixed, counted)));
  const logs = b.cumulativeSum(change, count);
  const chances = b.exp(b.sub(logs, b.reduceMax(logs, [count])));
  const wanted = b.mul(uniform, b.reduceSum(chances, [count]));
  const isPassed = b.le(b.cumulativeSum(chances, count), wanted);
  const passed = b.reduceSum(b.select(isPassed, b.constant(1, "i32"), b.constant(0, "i32")), [count]);
  return b.add(from, b.min(passed, b.constant(searched - 1, "i32")));
}

export function watchPoisson(context: Context, mean: ValueId, most: number, definition: Definition): void {
  const { builder, experiment } = context;
  const number = (value: number): ValueId => builder.constant(value, experiment.precision);
  const { shown, span } = named(definition);
  watch(context, builder.ge(mean, number(0)), `the mean of ${shown}, a Poisson draw, is not 0 or more`, span);
  watch(
    context,
    builder.le(mean, number(most)),
    `the mean of ${shown}, a Poisson draw, is above ${most}: \`round(normal(l, sqrt(l)))\` is as good there`,
    span,
  );
}

function named({ name, span }: Definition) {
  return { shown: `\`${name}\``, span };
}
