/** From random words to numbers, in a program. */
import type { ValueId } from "../ir/types.js";
import type { Context } from "./context.js";

/** The upper bits of the first word as a number in [0, 1): 24 of them, and 52 of both words in doubles. */
export function uniformOf({ builder, experiment }: Context, word: (word: 0 | 1) => ValueId): ValueId {
  const { precision } = experiment;
  const number = (value: number): ValueId => builder.constant(value, precision);
  // A signed word plus 2^31 is uniform on 0 … 2^32 - 1; its lower bits are cut off before it is rounded.
  const upper = (bitsOf: ValueId, bits: number): ValueId => {
    const kept = builder.floorDiv(bitsOf, builder.constant(2 ** (32 - bits), "i32"));
    return builder.add(builder.cast(kept, precision), number(2 ** (bits - 1)));
  };
  if (precision === "f32") return builder.mul(upper(word(0), 24), number(2 ** -24));
  const high = builder.mul(upper(word(0), 26), number(2 ** 26));
  return builder.mul(builder.add(high, upper(word(1), 26)), number(2 ** -52));
}

/** The inverse of the normal distribution at midpoints of equal parts: symmetric, never infinite. */
export function normalOf(context: Context, word: ValueId): ValueId {
  const { builder, experiment } = context;
  const { precision } = experiment;
  const number = (value: number): ValueId => builder.constant(value, precision);
  const bits = precision === "f32" ? 23 : 26;
  const kept = builder.cast(builder.floorDiv(word, builder.constant(2 ** (32 - bits), "i32")), precision);
  // (2 k + 1) 2^-bits for a signed k of `bits` bits: in (-1, 1), and exact.
  const x = builder.mul(builder.add(builder.mul(kept, number(2)), number(1)), number(2 ** -bits));
  return builder.mul(number(Math.SQRT2), erfInverse(context, x));
}

/** M. Giles, "Approximating the erfinv function" (2012), single precision: good to some 1e-7. */
function erfInverse({ builder, experiment }: Context, x: ValueId): ValueId {
  const number = (value: number): ValueId => builder.constant(value, experiment.precision);
  const w = builder.neg(builder.log(builder.mul(builder.sub(number(1), x), builder.add(number(1), x))));
  const series = (coefficients: readonly number[], at: ValueId): ValueId =>
    coefficients
      .slice(1)
      .reduce((sum, c) => builder.add(builder.mul(sum, at), number(c)), number(coefficients[0] ?? 0));
  const inner = series(CENTRAL, builder.sub(w, number(2.5)));
  const outer = series(TAIL, builder.sub(builder.sqrt(w), number(3)));
  return builder.mul(builder.select(builder.lt(w, number(5)), inner, outer), x);
}

const CENTRAL = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
  0.246640727, 1.50140941,
];
const TAIL = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
  1.00167406, 2.83297682,
];
