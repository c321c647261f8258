/** Whether any and whether all entries are true. */
import { reduction } from "./reduction.js";

export const reduceAny = reduction({
  name: "reduce_any",
  doc: "Whether an entry is true; over nothing false.",
  dtypes: ["bool"],
  empty: () => 0,
  step: (any, x) => Math.max(any, x),
  reverse: () => [null],
  forward: () => null,
  edges: [
    [0, 0],
    [0, 1],
  ],
  ulps: 0,
  attributes: (over) => ({ over }),
});

export const reduceAll = reduction({
  name: "reduce_all",
  doc: "Whether all entries are true; over nothing true.",
  dtypes: ["bool"],
  empty: () => 1,
  step: (all, x) => Math.min(all, x),
  reverse: () => [null],
  forward: () => null,
  edges: [
    [1, 1],
    [0, 1],
  ],
  ulps: 0,
  attributes: (over) => ({ over }),
});
