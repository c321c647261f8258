/**
 * Draws that are made anew at each step: bits come from Threefry inside the loop, keyed by stream, seed and step; positions are the
 * counter, so they depend on no size. What is made of the bits agrees between engines to rounding.
 */
import { UserError } from "../base/diagnostic.js";
import { order } from "../ir/compose/order.js";
import type { DimId, ValueId } from "../ir/types.js";
import { evaluateConstant } from "../language/constants.js";
import type { Definition, Draw, Expr } from "../language/typed.js";
import { sizeOf } from "./axes.js";
import { among, categorical } from "./chances.js";
import type { Context, Environment } from "./context.js";
import { dimsOf, inputValue } from "./definitions.js";
import { lowerReal } from "./expressions.js";
import { placesAlong } from "./made-axes.js";
import { scalarIndex } from "./scalars.js";

/** Every draw of a step has the number of the step in its key; one that is kept for some steps, that of the first of them. */
export interface StepDraw {
  readonly draw: Draw;
  readonly every: Expr | null;
}

export function lowerStepDraw(
  context: Context,
  environment: Environment,
  definition: Definition,
  { draw, every }: StepDraw,
): ValueId {
  const { builder } = context;
  const { distribution } = draw;
  const bits = new Bits(context, definition, draw, every);
  const real = (expr: Expr): ValueId => lowerReal(context, environment, expr);
  switch (distribution.kind) {
    case "normal":
      return builder.add(real(distribution.mean), builder.mul(real(distribution.sd), bits.normal()));
    case "uniform": {
      const low = real(distribution.low);
      return builder.add(low, builder.mul(builder.sub(real(distribution.high), low), bits.uniform()));
    }
    case "rademacher": {
      const positive = builder.lt(bits.word(0), builder.constant(0, "i32"));
      return builder.select(positive, builder.constant(1, "i32"), builder.constant(-1, "i32"));
    }
    case "bernoulli":
      return builder.lt(bits.uniform(), real(distribution.p));
    case "choice": {
      const size = sizeOf(context, distribution.axis, definition.span);
      const scaled = builder.mul(bits.uniform(), builder.constant(size, context.experiment.precision));
      const place = builder.cast(builder.floor(scaled), "i32");
      return builder.min(place, builder.constant(size - 1, "i32"));
    }
    case "among":
      return among(context, bits.uniform(), distribution);
    case "categorical":
      return categorical(context, bits.uniform(), distribution.over, real(distribution.weights));
    case "on_sphere": {
      const along = bits.dim(distribution.along.id);
      const entries = bits.normal();
      const norm = builder.sqrt(builder.reduceSum(builder.mul(entries, entries), [along]));
      return builder.div(entries, norm);
    }
    case "permutation":
      return bits.permutation(bits.dim(distribution.along.id));
  }
}

class Bits {
  private readonly dims: readonly DimId[];
  private readonly words: (ValueId | undefined)[] = [];

  constructor(
    private readonly context: Context,
    private readonly definition: Definition,
    private readonly draw: Draw,
    private readonly every: Expr | null,
  ) {
    this.dims = dimsOf(context, definition);
  }

  /** The dim of one of the left side's indices. */
  dim(index: number): DimId {
    const place = this.definition.axes.findIndex(({ id }) => id === index);
    const found = this.dims[place];
    if (found === undefined) throw new Error(`\`${this.definition.name}\` has no such index`);
    return found;
  }

  word(word: 0 | 1): ValueId {
    return (this.words[word] ??= this.entryWord(word));
  }

  /** As on the host: the last two positions are the counter, leading ones are folded into the key. */
  private entryWord(word: 0 | 1): ValueId {
    const { builder } = this.context;
    let key = this.stepKey();
    let rest = this.dims;
    for (let [first] = rest; rest.length > 2 && first !== undefined; [first] = rest) {
      rest = rest.slice(1);
      key = this.fold(key, this.positions(first), builder.constant(rest.length, "i32"));
    }
    const [row, column] = rest.length === 2 ? rest : [undefined, rest[0]];
    const position = (dim: DimId | undefined): ValueId =>
      dim === undefined ? builder.constant(0, "i32") : this.positions(dim);
    return builder.threefry(...key, position(row), position(column), word);
  }

  /** A part of an axis is drawn like that piece of the whole. */
  private positions(dim: DimId): ValueId {
    const axis = this.definition.axes[this.dims.indexOf(dim)]?.axis;
    const own = this.context.builder.iota(dim);
    return axis === undefined ? own : placesAlong(this.context, axis, undefined, own);
  }

  private stepKey(): readonly [ValueId, ValueId] {
    const { context, definition, draw } = this;
    const by = draw.by === null ? null : draw.by.map((part) => scalarIndex(context, part));
    const key = ([0, 1] as const).map((word) =>
      inputValue(context, `key ${definition.id} ${word}`, {
        name: `${definition.name} key`,
        type: { dtype: "i32", dims: [] },
        source: { kind: "key", stream: definition.name, word, by },
      }),
    );
    const [first = 0, second = 0] = key;
    return this.fold([first, second], this.step(), context.builder.constant(0, "i32"));
  }

  /** The step of the draw: the last one that `every` divides. */
  private step(): ValueId {
    const { context, every } = this;
    const { builder } = context;
    if (context.step === null) throw new Error("a draw of each step stands in a phase that takes none");
    if (every === null) return context.step;
    const count = evaluateConstant(every, { experiment: context.experiment, sweeps: context.structural });
    if (!Number.isInteger(count) || count < 1)
      throw new UserError({
        code: "AM4030",
        severity: "error",
        message: `\`${this.definition.name}\` is drawn every ${count} steps`,
        span: every.span,
        help: "the number of steps is an integer from 1 on",
      });
    const length = builder.constant(count, "i32");
    return builder.mul(builder.floorDiv(context.step, length), length);
  }

  private fold(key: readonly [ValueId, ValueId], first: ValueId, second: ValueId): readonly [ValueId, ValueId] {
    const { builder } = this.context;
    return [builder.threefry(...key, first, second, 0), builder.threefry(...key, first, second, 1)];
  }

  /** The upper bits of the first word as a number in [0, 1): 24 of them, and 52 of both words in doubles. */
  uniform(): ValueId {
    const { builder, experiment } = this.context;
    const { precision } = experiment;
    const number = (value: number): ValueId => builder.constant(value, precision);
    // A signed word plus 2^31 is uniform on 0 … 2^32 - 1; its lower bits are cut off before it is rounded.
    const upper = (word: ValueId, bits: number): ValueId => {
      const kept = builder.floorDiv(word, builder.constant(2 ** (32 - bits), "i32"));
      return builder.add(builder.cast(kept, precision), number(2 ** (bits - 1)));
    };
    if (precision === "f32") return builder.mul(upper(this.word(0), 24), number(2 ** -24));
    const high = builder.mul(upper(this.word(0), 26), number(2 ** 26));
    return builder.mul(builder.add(high, upper(this.word(1), 26)), number(2 ** -52));
  }

  /** The inverse of the normal distribution at midpoints of equal parts: symmetric, never infinite. */
  normal(): ValueId {
    const { builder, experiment } = this.context;
    const { precision } = experiment;
    const number = (value: number): ValueId => builder.constant(value, precision);
    const bits = precision === "f32" ? 23 : 26;
    const kept = builder.cast(builder.floorDiv(this.word(0), builder.constant(2 ** (32 - bits), "i32")), precision);
    // (2 k + 1) 2^-bits for a signed k of `bits` bits: in (-1, 1), and exact.
    const x = builder.mul(builder.add(builder.mul(kept, number(2)), number(1)), number(2 ** -bits));
    return builder.mul(number(Math.SQRT2), this.erfInverse(x));
  }

  /** M. Giles, "Approximating the erfinv function" (2012), single precision: good to some 1e-7. */
  private erfInverse(x: ValueId): ValueId {
    const { builder, experiment } = this.context;
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

  /** Positions in the order of their words. */
  permutation(along: DimId): ValueId {
    return order(this.context.builder, this.word(0), along);
  }
}

const CENTRAL = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
  0.246640727, 1.50140941,
];
const TAIL = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
  1.00167406, 2.83297682,
];
