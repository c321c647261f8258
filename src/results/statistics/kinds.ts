/** What a reduction and a statistic are. Each stands in a file of its own beside this one; `table.ts` names them all. */

/** A function of the valid entries of one lane: `values[from] … values[to - 1]`, in the order of the axes. It may not change them. */
export interface Reduction {
  /** With fewer values the result is missing. */
  readonly minimum: number;
  /** For `argmax` and `argmin` the place of the entry among those given. NaN: missing. */
  readonly evaluate: (values: Float64Array, from: number, to: number, parameter: number) => number;
}

/** The valid entries of one lane, in ascending order of the coordinates. Only the first `count` entries of each array count. */
export interface Lane {
  readonly count: number;
  readonly first: Float64Array;
  /** The second operand's entries, where there is one. */
  readonly second: Float64Array;
  /** The coordinates of the axis (of the last one, if there are several). */
  readonly coordinates: Float64Array;
  /** `crossing`: the level. */
  readonly level: number;
}

export interface Statistic {
  readonly operands: 1 | 2;
  readonly minimum: number;
  /** NaN: missing. */
  readonly evaluate: (lane: Lane) => number;
  /** What a NaN means: there is no such thing (`crossing`), or it is not defined for such values. */
  readonly otherwise: "never" | "too few";
}
