/** The reductions, normalisers and statistics by name. */
import type { Table } from "../described.js";
import type { Normaliser, Reducer } from "../typed.js";

export const reducers = {
  sum: { form: "sum(i) x[i]", says: "the sum of the product that follows; over nothing 0", derivative: "yes" },
  mean: { form: "mean(i) x[i]", says: "the mean of the product that follows; of a bool the share", derivative: "yes" },
  prod: { form: "prod(i) x[i]", says: "the product; over nothing 1", derivative: "yes" },
  all: { form: "all(i) c[i]", says: "whether all are true; over nothing true" },
  any: { form: "any(i) c[i]", says: "whether any is true; over nothing false" },
  min: { form: "min(i) x[i]", says: "the smallest; equal ones share the gradient", derivative: "yes" },
  max: { form: "max(i) x[i]", says: "the largest; equal ones share the gradient", derivative: "yes" },
  count: { form: "count(i) (c[i])", says: "how many are true, an int" },
  fraction: { form: "fraction(i) (c[i])", says: "the share that is true" },
  logsumexp: { form: "logsumexp(i) x[i]", says: "log of the sum of exp, shifted by the maximum", derivative: "yes" },
  norm: { form: "norm(i) x[i]", says: "the 2-norm; its gradient at 0 is 0", derivative: "yes" },
  var: { form: "var(i) x[i]", says: "the variance, divided by n", derivative: "yes" },
  std: { form: "std(i) x[i]", says: "the root of the variance, divided by n", derivative: "yes" },
  argmax: { form: "argmax(i) x[i]", says: "the index of the largest, the first of equal ones", derivative: "0" },
  argmin: { form: "argmin(i) x[i]", says: "the index of the smallest, the first of equal ones", derivative: "0" },
  median: { form: "median(i) x[i]", says: "the middle entry, or the mean of the middle two", derivative: "yes" },
  quantile: {
    form: "quantile(i, q) x[i]",
    says: "the value below which the share q lies, between neighbours along a line",
    derivative: "yes",
  },
} as const satisfies Table<Reducer>;

export const normalisers = {
  softmax: { form: "softmax(i) x[i]", says: "exp over the sum of exp", derivative: "yes" },
  log_softmax: { form: "log_softmax(i) x[i]", says: "log of the softmax", derivative: "yes" },
  normalize: { form: "normalize(i) x[i]", says: "divided by the sum", derivative: "yes" },
  sphere: { form: "sphere(i) x[i]", says: "divided by the 2-norm", derivative: "yes" },
  cumsum: { form: "cumsum(i) x[i]", says: "the sum up to and with the entry", derivative: "yes" },
  cumprod: { form: "cumprod(i) x[i]", says: "the product up to and with the entry", derivative: "yes" },
  sort: { form: "sort(i) x[i]", says: "the entries in ascending order", derivative: "yes" },
  rank: { form: "rank(i) x[i]", says: "how many entries come before this one, an int", derivative: "0" },
  order: { form: "order(i) x[i]", says: "the positions in ascending order of the entries", derivative: "0" },
  top: { form: "top(i, k) x[i]", says: "whether the entry is one of the k largest" },
} as const satisfies Table<Normaliser>;

export const crossEntropy = {
  form: "cross_entropy(i) x[i] at y",
  says: "-log of the softmax at the index y, or against a tensor y[i] of chances; exact for large margins; over part of the classes with `where`",
  derivative: "yes",
} as const satisfies Table[string];

/** Of results alone. */
export const statistics: Table = {
  first: { form: "first(i where c[i])", says: "the first coordinate at which c holds; missing if never" },
  last: { form: "last(i where c[i])", says: "the last coordinate at which c holds; missing if never" },
  slope: { form: "slope(x, y over i)", says: "the slope of the least-squares line of y over x" },
  intercept: { form: "intercept(x, y over i)", says: "the intercept of that line" },
  r2: { form: "r2(x, y over i)", says: "the share of the variance of y that the line explains" },
  spearman: { form: "spearman(x, y over i)", says: "the correlation of the ranks" },
  ci_low: { form: "ci_low(i, 0.95) x", says: "the lower end of the mean's interval: Student's t, Wilson's for bools" },
  ci_high: { form: "ci_high(i, 0.95) x", says: "the upper end of that interval" },
  corr: { form: "corr(x, y over i)", says: "Pearson's correlation" },
  sign_test: { form: "sign_test(x, y over i)", says: "the two-sided p-value of the paired sign test" },
  wilcoxon: { form: "wilcoxon(x, y over i)", says: "the two-sided p-value of the paired signed-rank test" },
  mann_whitney: { form: "mann_whitney(x, y over i)", says: "the two-sided p-value of the rank-sum test" },
};

/** Of results alone, in the form of calls. */
export const resultCalls: Table = {
  approx: {
    form: "approx(a, b, rel: r) or approx(a, b, abs: d)",
    says: "whether a is within the share r of b, or within d",
  },
  increasing: { form: "increasing(i, x)", says: "whether x rises strictly with the coordinates of i" },
  decreasing: { form: "decreasing(i, x)", says: "whether x falls strictly with the coordinates of i" },
  interior_max: { form: "interior_max(i, x)", says: "the coordinate of a maximum that is no end; else missing" },
  crossing: {
    form: "crossing(i, x, level)",
    says: "the first coordinate at which x, along lines between the points, reaches the level; else missing",
  },
  missing: { form: "missing(x)", says: "whether there is no value" },
};
