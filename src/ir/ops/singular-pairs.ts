/**
 * What derivatives of a singular value decomposition are made of. P = U' D V, for a change D of the matrix, tells all that happens inside of
 * the vectors: its symmetric part turns left and right vectors the same way, its antisymmetric part opposite ways. What D does outside
 * of them counts where the matrix has more rows (or columns) than values.
 */
import type { Builder } from "../builder.js";
import type { DimId, ValueId } from "../types.js";
import { aboveRounding, strongQuotient, type MatrixDims } from "./matrix.js";

/** The decomposition of the matrices over `rows` and `columns`: values along `to`, left and right vectors over `to` and one of the two. */
export interface Singular extends MatrixDims {
  readonly to: DimId;
  readonly values: ValueId;
  readonly left: ValueId;
  readonly right: ValueId;
}

/** Two positions along the values: `to` and `copy`. */
export class SingularPairs {
  readonly copy: DimId;
  /** s_l - s_k and s_l + s_k over (k, l); exactly 0 where it is 0 to rounding. */
  readonly gap: ValueId;
  readonly sum: ValueId;
  readonly isSame: ValueId;
  private readonly largest: ValueId;

  constructor(
    private readonly b: Builder,
    readonly of: Singular,
  ) {
    const { to, values } = of;
    this.copy = b.copyOf(to);
    this.largest = b.reduceMax(values, [to]);
    const others = b.relabel(values, [to], [this.copy]);
    this.gap = this.cleaned(b.sub(others, values));
    this.sum = this.cleaned(b.add(others, values));
    this.isSame = b.eq(b.iota(to), b.iota(this.copy));
  }

  /** Exactly 0 where it is 0 to the rounding of the largest singular value. */
  cleaned(x: ValueId): ValueId {
    const { rows, columns } = this.of;
    return aboveRounding(this.b, x, this.largest, Math.max(this.b.size(rows), this.b.size(columns)));
  }

  /** x_k · y_l along a dim that both have, over (k, l). */
  products(x: ValueId, y: ValueId, along: DimId): ValueId {
    const { b } = this;
    return b.contract([x, b.relabel(y, [this.of.to], [this.copy])], [along]);
  }

  /** u_k' D v_l. */
  between(d: ValueId): ValueId {
    const { rows, columns, left, right } = this.of;
    return this.products(this.b.contract([left, d], [rows]), right, columns);
  }

  /** Σ Q_kl x_k y_l', for x over `to` and y over `to` and another dim. */
  combined(q: ValueId, x: ValueId, y: ValueId): ValueId {
    const { b } = this;
    return b.contract([b.contract([x, q], [this.of.to]), b.relabel(y, [this.of.to], [this.copy])], [this.copy]);
  }

  turned(x: ValueId): ValueId {
    return this.b.relabel(x, [this.of.to, this.copy], [this.copy, this.of.to]);
  }

  symmetric(x: ValueId): ValueId {
    const { b } = this;
    return b.mul(b.number(0.5, x), b.add(x, this.turned(x)));
  }

  antisymmetric(x: ValueId): ValueId {
    const { b } = this;
    return b.mul(b.number(0.5, x), b.sub(x, this.turned(x)));
  }

  /** The quotient off the diagonal, 0 on it; where a numerator is 0, so is its term. */
  quotient(numerator: ValueId, denominator: ValueId): ValueId {
    const { b } = this;
    return strongQuotient(b, b.select(this.isSame, b.number(0, numerator), numerator), denominator);
  }

  /** Whether there is anything outside of the left (right) vectors. */
  isWider(dim: DimId): boolean {
    return this.b.size(dim) > this.b.size(this.of.to);
  }

  /** What of each x_k, over `to` and `along`, is orthogonal to all vectors over the same dims. */
  outside(x: ValueId, vectors: ValueId, along: DimId): ValueId {
    const { b } = this;
    const shares = this.products(vectors, x, along);
    return b.sub(x, b.relabel(b.contract([vectors, shares], [this.of.to]), [this.copy], [this.of.to]));
  }
}
