/** The names that reduce or normalise over the indices in their parentheses, and how far what follows them reaches. */

/**
 * `product`: the product that follows, as on paper. `chain`: one comparison chain. `operand`: one operand; a `*`
 * or `/` right after it is an error. `at`: one operand, `at`, another operand.
 */
export type Extent = "product" | "chain" | "operand" | "at";

const names: readonly (readonly [Extent, string])[] = [
  ["product", "sum mean prod"],
  ["chain", "all any"],
  ["at", "cross_entropy solve"],
  [
    "operand",
    "min max count fraction logsumexp norm var std argmax argmin median quantile corr first last ci_low ci_high " +
      "softmax log_softmax normalize sphere cumsum cumprod sort rank order top " +
      "inverse cholesky polar projector svd_values eigh_values eigh svd logdet trace",
  ],
];

/** From a name to the extent of its body. */
export const reductions: ReadonlyMap<string, Extent> = new Map(
  names.flatMap(([extent, list]) => list.split(" ").map((name) => [name, extent] as const)),
);

/** `max(a, b)`, `norm(M)`, `last(…)` are calls or stand alone as well, so what follows them may not begin with `-`. */
export const alsoCalls: ReadonlySet<string> = new Set(["max", "min", "norm", "first", "last"]);

/** `first(step where c)`: with a condition these take no operand at all. */
export const conditionOnly: ReadonlySet<string> = new Set(["first", "last"]);
