/** The 2-norm, scaled by the largest entry so that squares neither overflow nor vanish; over nothing 0. */
import type { Reduction } from "./kinds.js";

export const norm: Reduction = {
  minimum: 0,
  evaluate: (values, from, to) => {
    let scale = 0;
    for (let k = from; k < to; k++) scale = Math.max(scale, Math.abs(values[k] ?? 0));
    if (scale === 0 || scale === Infinity) return scale;
    let total = 0;
    for (let k = from; k < to; k++) total += ((values[k] ?? 0) / scale) ** 2;
    return scale * Math.sqrt(total);
  },
};
