/** Random test inputs for ops. The table of ops says what to draw; tests and engines' op cases do the drawing. */
import { entryCount } from "./dims.js";
import type { DimSizes } from "./dims.js";
import { at } from "./fault.js";
import { roundTo } from "./tensor.js";
import type { DimId, DType, OpAttributes, OpName, ValueType } from "./types.js";

/** One input with values that its dtype holds exactly. */
export interface SampledOperand {
  readonly type: ValueType;
  readonly data: Float64Array;
  /** Other values of the same kind; operands that list given values have none. */
  readonly redraw?: () => Float64Array;
}

/** One application of an op to given inputs. */
export interface OpSample<K extends OpName> {
  readonly operands: readonly SampledOperand[];
  readonly attributes: OpAttributes[K];
  /** The result's type where the op's rule does not follow from the operands. */
  readonly declared: ValueType | null;
}

/** Draws one number of a domain. */
export type Domain = (sampler: Sampler) => number;

export const between =
  (low: number, high: number): Domain =>
  (s) =>
    s.real(low, high);
/** At least a tenth away from zero, where some ops have a kink. */
export const awayFromZero =
  (most: number): Domain =>
  (s) =>
    s.real(0.1, most) * (s.chance(0.5) ? 1 : -1);
/** Away from integers and halves, where rounding jumps. */
export const awayFromSteps: Domain = (s) => s.int(-6, 6) / 2 + s.real(0.1, 0.4);

/** Where fresh dims come from: a builder, or a table in a test. */
export interface DimSource extends DimSizes {
  dim(name: string, size: number): DimId;
}

export class Sampler {
  private state: number;

  constructor(
    seed: number,
    private readonly source: DimSource,
    /** The dtype that an op is tried with at the moment. */
    readonly dtype: DType,
    /** The largest size that a dim gets. */
    private readonly largest = 5,
  ) {
    this.state = seed | 0;
  }

  /** In [0, 1): mulberry32. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  real(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor((high - low + 1) * this.next());
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return at(list, this.int(0, list.length - 1));
  }

  /** Every entry with probability one half, in random order. */
  subset<T>(list: readonly T[], share = 0.5): T[] {
    return this.shuffle(list.filter(() => this.chance(share)));
  }

  shuffle<T>(list: readonly T[]): T[] {
    return list
      .map((entry) => ({ entry, key: this.next() }))
      .sort((a, b) => a.key - b.key)
      .map((x) => x.entry);
  }

  /** A fresh dim; seldom empty unless the size is given. */
  dim(size?: number): DimId {
    return this.source.dim("d", size ?? (this.chance(0.06) ? 0 : this.int(1, this.largest)));
  }

  dims(least: number, most: number): DimId[] {
    return Array.from({ length: this.int(least, most) }, () => this.dim());
  }

  size(dim: DimId): number {
    return this.source.size(dim);
  }

  /** An operand of the sampler's dtype (or another); ints are drawn as rounded reals, bools evenly. */
  tensor(dims: readonly DimId[], domain: Domain = between(-2, 2), dtype: DType = this.dtype): SampledOperand {
    const entry = (): number => {
      if (dtype === "bool") return this.chance(0.5) ? 1 : 0;
      // Reals are f32 numbers whatever the dtype, so that both precisions see the same case.
      return dtype === "i32" ? Math.round(4 * domain(this)) : Math.fround(domain(this));
    };
    return this.filled({ dtype, dims }, entry);
  }

  /** Positions of a dim, as an i32 operand; all 0 where the dim is empty. */
  positions(dims: readonly DimId[], of: DimId): SampledOperand {
    const last = Math.max(0, this.size(of) - 1);
    return this.filled({ dtype: "i32", dims }, () => this.int(0, last));
  }

  private filled(type: ValueType, entry: () => number): SampledOperand {
    const redraw = () => Float64Array.from({ length: entryCount(type.dims, this.source) }, entry);
    return { type, data: redraw(), redraw };
  }

  /** Given values along one fresh dim. */
  listed(values: readonly number[], dtype: DType = this.dtype): SampledOperand {
    const dim = this.dim(values.length);
    return { type: { dtype, dims: [dim] }, data: Float64Array.from(values, (v) => roundTo(dtype, v)) };
  }
}
