/**
 * The reductions that need no explanation. Over nothing: sum 0, prod 1, count 0, max and logsumexp -inf, min inf;
 * mean and fraction are missing. Argmax and argmin take the first of equal entries.
 */
import type { Reduction } from "./kinds.js";

export const sum: Reduction = {
  minimum: 0,
  evaluate: (values, from, to) => {
    let total = 0;
    for (let k = from; k < to; k++) total += values[k] ?? 0;
    return total;
  },
};

export const mean: Reduction = {
  minimum: 1,
  evaluate: (values, from, to, parameter) => sum.evaluate(values, from, to, parameter) / (to - from),
};

export const prod: Reduction = {
  minimum: 0,
  evaluate: (values, from, to) => {
    let total = 1;
    for (let k = from; k < to; k++) total *= values[k] ?? 1;
    return total;
  },
};

export const max: Reduction = {
  minimum: 0,
  evaluate: (values, from, to) => {
    let best = -Infinity;
    for (let k = from; k < to; k++) best = Math.max(best, values[k] ?? -Infinity);
    return best;
  },
};

export const min: Reduction = {
  minimum: 0,
  evaluate: (values, from, to) => {
    let best = Infinity;
    for (let k = from; k < to; k++) best = Math.min(best, values[k] ?? Infinity);
    return best;
  },
};

/** How many entries are not 0. */
export const count: Reduction = {
  minimum: 0,
  evaluate: (values, from, to) => {
    let total = 0;
    for (let k = from; k < to; k++) if (values[k] !== 0) total++;
    return total;
  },
};

/** The share of entries that are not 0. */
export const fraction: Reduction = {
  minimum: 1,
  evaluate: (values, from, to, parameter) => count.evaluate(values, from, to, parameter) / (to - from),
};

/** How many entries there are. */
export const valid: Reduction = { minimum: 0, evaluate: (_, from, to) => to - from };

export const argmax: Reduction = {
  minimum: 1,
  evaluate: (values, from, to) => {
    let best = from;
    for (let k = from + 1; k < to; k++) if ((values[k] ?? 0) > (values[best] ?? 0)) best = k;
    return best - from;
  },
};

export const argmin: Reduction = {
  minimum: 1,
  evaluate: (values, from, to) => {
    let best = from;
    for (let k = from + 1; k < to; k++) if ((values[k] ?? 0) < (values[best] ?? 0)) best = k;
    return best - from;
  },
};
