/** All reductions and statistics by name. */
import type { AnalysisReducer, AnalysisStatistic } from "../../language/results/ir.js";
import { confidenceHigh, confidenceLow } from "./confidence.js";
import { corr } from "./correlation.js";
import { crossing } from "./crossing.js";
import { interiorMax } from "./interior-max.js";
import type { Reduction, Statistic } from "./kinds.js";
import { intercept, r2, slope } from "./line.js";
import { logsumexp } from "./log-sum-exp.js";
import { mannWhitney } from "./mann-whitney.js";
import { decreasing, increasing } from "./monotone.js";
import { norm } from "./norm.js";
import { argmax, argmin, count, fraction, max, mean, min, prod, sum, valid } from "./plain.js";
import { median, quantile } from "./quantile.js";
import { signTest } from "./sign-test.js";
import { spearman } from "./spearman.js";
import { deviation, variance } from "./variance.js";
import { wilcoxon } from "./wilcoxon.js";
import { wilsonHigh, wilsonLow } from "./wilson.js";

/** `all` and `any` look at states too and are evaluated apart; so are `first` and `last`. */
const reductions: Readonly<Record<Exclude<AnalysisReducer, "all" | "any">, Reduction>> = {
  sum,
  mean,
  prod,
  min,
  max,
  count,
  fraction,
  logsumexp,
  norm,
  argmax,
  argmin,
  median,
  quantile,
  valid,
  var: variance,
  std: deviation,
  ci_low: confidenceLow,
  ci_high: confidenceHigh,
};

export const statistics: Readonly<Record<Exclude<AnalysisStatistic, "first" | "last">, Statistic>> = {
  slope,
  intercept,
  r2,
  spearman,
  corr,
  increasing,
  decreasing,
  crossing,
  wilcoxon,
  interior_max: interiorMax,
  sign_test: signTest,
  mann_whitney: mannWhitney,
};

/** The reduction of that name; intervals of bools are Wilson's. */
export function reductionOf(reducer: Exclude<AnalysisReducer, "all" | "any">, ofBools: boolean): Reduction {
  if (ofBools && reducer === "ci_low") return wilsonLow;
  if (ofBools && reducer === "ci_high") return wilsonHigh;
  return reductions[reducer];
}
