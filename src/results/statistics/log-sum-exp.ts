/** log of the sum of exponentials, shifted by the maximum; over nothing, or of -inf alone, -inf. */
import type { Reduction } from "./kinds.js";
import { max } from "./plain.js";

export const logsumexp: Reduction = {
  minimum: 0,
  evaluate: (values, from, to, parameter) => {
    const top = max.evaluate(values, from, to, parameter);
    if (!Number.isFinite(top)) return top;
    let total = 0;
    for (let k = from; k < to; k++) total += Math.exp((values[k] ?? 0) - top);
    return top + Math.log(total);
  },
};
