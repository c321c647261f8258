/** The least-squares line through the pairs of a lane, and what follows from it: slope, intercept, r2. */
import type { Lane, Statistic } from "./kinds.js";

interface Fit {
  readonly meanX: number;
  readonly meanY: number;
  /** Sums of squares and products of the deviations from the means. */
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

export function moments(lane: Lane): Fit {
  const { count, first: x, second: y } = lane;
  let meanX = 0;
  let meanY = 0;
  for (let k = 0; k < count; k++) {
    meanX += (x[k] ?? 0) / count;
    meanY += (y[k] ?? 0) / count;
  }
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let k = 0; k < count; k++) {
    const dx = (x[k] ?? 0) - meanX;
    const dy = (y[k] ?? 0) - meanY;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  return { meanX, meanY, xx, xy, yy };
}

/** Two pairs with different x; equal x alone give no slope. */
export const slope: Statistic = {
  operands: 2,
  minimum: 2,
  otherwise: "too few",
  evaluate: (lane) => {
    const { xx, xy } = moments(lane);
    return xx === 0 ? NaN : xy / xx;
  },
};

/** Where the line meets x = 0. */
export const intercept: Statistic = {
  operands: 2,
  minimum: 2,
  otherwise: "too few",
  evaluate: (lane) => {
    const { meanX, meanY, xx, xy } = moments(lane);
    return xx === 0 ? NaN : meanY - (xy / xx) * meanX;
  },
};

/** The squared correlation: the share of the variance of y that the line explains. Three pairs (two lie on a line always); none of x, y constant. */
export const r2: Statistic = {
  operands: 2,
  minimum: 3,
  otherwise: "too few",
  evaluate: (lane) => {
    const { xx, xy, yy } = moments(lane);
    return xx === 0 || yy === 0 ? NaN : (xy * xy) / (xx * yy);
  },
};
