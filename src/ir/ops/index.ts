/** The table of ops. It is total: the type checker names an op that is missing. */
import type { OpName } from "../types.js";
import { argMax, argMin } from "./arg-extrema.js";
import { add, atan2, div, floorDiv, mod, mul, pow, sub } from "./arithmetic.js";
import { cast } from "./cast.js";
import { and, eq, ge, gt, le, lt, ne, or } from "./comparison.js";
import { cholesky } from "./cholesky.js";
import { concat } from "./concat.js";
import { contract } from "./contract.js";
import { cumulativeProd, cumulativeSum } from "./cumulative.js";
import type { OpDefinition } from "./definition.js";
import { eigh } from "./eigh.js";
import { max, min } from "./extrema.js";
import { gather } from "./gather.js";
import { broadcast, diagonal, relabel } from "./labels.js";
import { loop, loopFinal, loopPosition, loopStack, loopState } from "./loop.js";
import { polar, projector } from "./polar.js";
import { merge, split } from "./merge-split.js";
import { powerInt } from "./power-int.js";
import { rank } from "./rank.js";
import { reduceMax, reduceMin } from "./reduce-extrema.js";
import { reduceAll, reduceAny } from "./reduce-logic.js";
import { reduceProd } from "./reduce-prod.js";
import { reduceSum } from "./reduce-sum.js";
import { scatterAdd } from "./scatter-add.js";
import { select } from "./select.js";
import { pad, slice } from "./slice-pad.js";
import { logDet, solve } from "./solve.js";
import { carried, constant, input, iota, step } from "./sources.js";
import { svd, svdValues } from "./svd.js";
import { threefry } from "./threefry.js";
import { cos, erf, exp, expm1, log, log1p, sigmoid, sin, softplus, sqrt, tan, tanh } from "./unary-smooth.js";
import { digamma, erfInv, lgamma } from "./unary-special.js";
import { abs, ceil, floor, isFinite, neg, not, round, sign, stop } from "./unary-steps.js";

export const ops: { readonly [K in OpName]: OpDefinition<K> } = {
  constant,
  input,
  carried,
  step,
  iota,
  neg,
  exp,
  log,
  log1p,
  expm1,
  sqrt,
  abs,
  sign,
  sin,
  cos,
  tan,
  tanh,
  sigmoid,
  softplus,
  erf,
  erf_inv: erfInv,
  lgamma,
  digamma,
  floor,
  ceil,
  round,
  not,
  is_finite: isFinite,
  stop,
  power_int: powerInt,
  cast,
  add,
  sub,
  mul,
  div,
  max,
  min,
  pow,
  atan2,
  mod,
  floor_div: floorDiv,
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  and,
  or,
  threefry,
  select,
  contract,
  reduce_sum: reduceSum,
  reduce_prod: reduceProd,
  reduce_max: reduceMax,
  reduce_min: reduceMin,
  reduce_any: reduceAny,
  reduce_all: reduceAll,
  arg_max: argMax,
  arg_min: argMin,
  cumulative_sum: cumulativeSum,
  cumulative_prod: cumulativeProd,
  rank,
  solve,
  log_det: logDet,
  cholesky,
  eigh,
  svd,
  svd_values: svdValues,
  polar,
  projector,
  relabel,
  diagonal,
  broadcast,
  slice,
  pad,
  concat,
  merge,
  split,
  gather,
  scatter_add: scatterAdd,
  loop_position: loopPosition,
  loop_state: loopState,
  loop,
  loop_final: loopFinal,
  loop_stack: loopStack,
};

/** All names, in the order of the table. */
export const opNames = Object.keys(ops) as readonly OpName[]; // `ops` has exactly these keys
