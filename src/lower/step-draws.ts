/**
 * Draws that are made anew at each step, or in each iteration of a scan: bits come from Threefry inside the loop, keyed by stream, seed
 * and step; positions are the counter, so they depend on no size. What is made of the bits agrees between engines to rounding.
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
import { lowerExpr, lowerReal } from "./expressions.js";
import { gammaDraw, poissonDraw } from "./counts-and-waits.js";
import { placesAlong } from "./made-axes.js";
import { scalarIndex } from "./scalars.js";
import { normalOf, uniformOf } from "./word-numbers.js";

/** The name that a draw is made by. */
export const streamOf = ({ name, stream }: Definition): string => stream ?? name;

/**
 * A draw of a step has the number of the step in its key; one that is kept for some steps, that of the first of them. Undefined: a draw
 * in a scan that no step makes anew.
 */
export interface StepDraw {
  readonly draw: Draw;
  readonly every: Expr | null | undefined;
}

export function lowerStepDraw(
  context: Context,
  environment: Environment,
  definition: Definition,
  { draw, every }: StepDraw,
): ValueId {
  const { builder } = context;
  const { distribution } = draw;
  const bits = new Bits(context, definition, draw, every, environment);
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
    case "gamma":
      return gammaDraw(context, bits.key(), real(distribution.shape), real(distribution.scale), definition);
    case "poisson":
      return poissonDraw(context, bits.uniform(), real(distribution.mean), definition);
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

/** For how many steps a draw is kept. */
export function drawnEvery({ experiment, structural }: Context, { name }: Definition, every: Expr): number {
  const count = evaluateConstant(every, { experiment, sweeps: structural });
  if (Number.isInteger(count) && count >= 1) return count;
  throw new UserError({
    code: "AM4030",
    severity: "error",
    message: `\`${name}\` is drawn every ${count} steps`,
    span: every.span,
    help: "the number of steps is an integer from 1 on",
  });
}

/** The random words of a draw; `every` is null where each step has its own, and undefined before the loop. */
export class Bits {
  private readonly dims: readonly DimId[];
  private readonly words: (ValueId | undefined)[] = [];

  constructor(
    private readonly context: Context,
    private readonly definition: Definition,
    private readonly draw: Draw,
    private readonly every: Expr | null | undefined,
    private readonly environment: Environment,
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

  /** The two words of each entry, as a key of its own. */
  key(): readonly [ValueId, ValueId] {
    return [this.word(0), this.word(1)];
  }

  word(word: 0 | 1): ValueId {
    return (this.words[word] ??= this.entryWord(word));
  }

  /** As on the host: the last two positions are the counter, leading ones are folded into the key. */
  private entryWord(word: 0 | 1): ValueId {
    const { builder } = this.context;
    let key = this.stepKey();
    const places = this.places();
    places.slice(0, -2).forEach((place, k) => {
      key = this.fold(key, place, builder.constant(places.length - 1 - k, "i32"));
    });
    const zero = builder.constant(0, "i32");
    const [row, column] = places.length < 2 ? [zero, places[0] ?? zero] : places.slice(-2);
    return builder.threefry(...key, row ?? zero, column ?? zero, word);
  }

  /** Positions along the draw's own axes, and those of the scans that it stands in. */
  private places(): readonly ValueId[] {
    const { context, draw, dims, environment } = this;
    if (draw.at === undefined) return dims.map((dim) => this.positions(dim));
    let next = 0;
    return draw.at.map((place) => {
      if (place !== null) return lowerExpr(context, environment, place);
      const dim = dims[next++];
      if (dim === undefined) throw new Error(`\`${this.definition.name}\` has no axis ${next - 1}`);
      return this.positions(dim);
    });
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
        source: { kind: "key", stream: streamOf(definition), word, by },
      }),
    );
    const [first = 0, second = 0] = key;
    if (this.every === undefined) return [first, second];
    return this.fold([first, second], this.step(this.every), context.builder.constant(0, "i32"));
  }

  /** The step of the draw: the last one that `every` divides. */
  private step(every: Expr | null): ValueId {
    const { context } = this;
    const { builder } = context;
    if (context.step === null) throw new Error("a draw of each step stands in a phase that takes none");
    if (every === null) return context.step;
    const length = builder.constant(drawnEvery(context, this.definition, every), "i32");
    return builder.mul(builder.floorDiv(context.step, length), length);
  }

  private fold(key: readonly [ValueId, ValueId], first: ValueId, second: ValueId): readonly [ValueId, ValueId] {
    const { builder } = this.context;
    return [builder.threefry(...key, first, second, 0), builder.threefry(...key, first, second, 1)];
  }

  uniform(): ValueId {
    return uniformOf(this.context, (word) => this.word(word));
  }

  normal(): ValueId {
    return normalOf(this.context, this.word(0));
  }

  /** Positions in the order of their words. */
  permutation(along: DimId): ValueId {
    return order(this.context.builder, this.word(0), along);
  }
}
