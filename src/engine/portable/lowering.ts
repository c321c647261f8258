/** The table of lowerings: what each op becomes. It is total, so the type checker names an op that is missing. */
import type { NodeOf, OpName } from "../../ir/types.js";
import * as binary from "./kernels/binary.js";
import { rankRow } from "./kernels/order.js";
import * as reduce from "./kernels/reduce.js";
import * as special from "./kernels/special.js";
import * as unary from "./kernels/unary.js";
import { always, map1, map2, precise, select, threefry } from "./lower-elementwise.js";
import { finalView, stackView, stateView } from "./lower-loop.js";
import * as matrix from "./lower-matrix.js";
import { arg, contract, cumulative, reduction } from "./lower-reduce.js";
import { concat, merge, split } from "./lower-pieces.js";
import { cast, constant, diagonal, gather, iota, pad, relabel, same, scatterAdd, slice } from "./lower-structure.js";
import { operand } from "./lowering-context.js";
import type { Lowering, LoweringContext } from "./lowering-context.js";
import type { View } from "./storage.js";

const lowest = -(2 ** 31);
const highest = 2 ** 31 - 1;

const lowerings: { readonly [K in OpName]: Lowering<K> } = {
  constant,
  input: (node, ctx) => ctx.input(node.attributes.index),
  carried: (node, ctx) => ctx.carried(node.attributes.index),
  step: (_node, ctx) => ctx.step(),
  iota,
  loop_position: (node, ctx) => ctx.iteration(node.attributes.loop).position,
  loop_state: (node, ctx) => stateView(ctx.iteration(node.attributes.loop), node.attributes.index),

  neg: always(unary.negRow),
  exp: precise(unary.quickExpRow, unary.expRow),
  log: always(unary.logRow),
  log1p: always(unary.log1pRow),
  expm1: always(unary.expm1Row),
  sqrt: always(unary.sqrtRow),
  abs: always(unary.absRow),
  sign: always(unary.signRow),
  sin: always(unary.sinRow),
  cos: always(unary.cosRow),
  tan: always(unary.tanRow),
  tanh: precise(unary.quickTanhRow, unary.tanhRow),
  sigmoid: precise(unary.quickSigmoidRow, unary.sigmoidRow),
  softplus: always(unary.softplusRow),
  erf: always(unary.erfRow),
  erf_inv: always(special.erfInvRow),
  lgamma: always(special.lgammaRow),
  digamma: always(special.digammaRow),
  floor: always(unary.floorRow),
  ceil: always(unary.ceilRow),
  round: always(unary.roundRow),
  not: always(unary.notRow),
  is_finite: always(unary.isFiniteRow),
  stop: same,
  power_int: (node, ctx) => {
    const { exponent } = node.attributes;
    const ints = node.type.dtype === "i32";
    if (exponent === 2 && !ints) return always(unary.squareRow)(node, ctx);
    return map1(() => (ints ? unary.powerIntRowOfInts(exponent) : unary.powerIntRow(exponent)))(node, ctx);
  },
  cast,

  threefry,
  add: map2(binary.addRow),
  sub: map2(binary.subRow),
  mul: map2(binary.mulRow, binary.mulRowOfInts),
  div: map2(binary.divRow),
  max: map2(binary.maxRow),
  min: map2(binary.minRow),
  pow: map2(binary.powRow),
  atan2: map2(binary.atan2Row),
  mod: map2(binary.modRow, binary.modRowOfInts),
  floor_div: map2(binary.floorDivRow, binary.floorDivRowOfInts),
  eq: map2(binary.eqRow),
  ne: map2(binary.neRow),
  lt: map2(binary.ltRow),
  le: map2(binary.leRow),
  gt: map2(binary.gtRow),
  ge: map2(binary.geRow),
  and: map2(binary.andRow),
  or: map2(binary.orRow),
  select,

  contract,
  reduce_sum: reduction(reduce.sumRow, reduce.sumRowOfInts),
  reduce_prod: reduction(reduce.prodRow, reduce.prodRowOfInts),
  reduce_max: reduction(reduce.maxRowFrom(-Infinity), reduce.maxRowFrom(lowest)),
  reduce_min: reduction(reduce.minRowFrom(Infinity), reduce.minRowFrom(highest)),
  reduce_any: reduction(reduce.anyRow),
  reduce_all: reduction(reduce.allRow),
  arg_max: arg(reduce.argMaxRow),
  arg_min: arg(reduce.argMinRow),
  cumulative_sum: cumulative(reduce.cumulativeSumRow, reduce.cumulativeSumRowOfInts),
  cumulative_prod: cumulative(reduce.cumulativeProdRow, reduce.cumulativeProdRowOfInts),
  rank: cumulative(rankRow, rankRow),

  solve: matrix.solve,
  log_det: matrix.logDet,
  cholesky: matrix.cholesky,
  eigh: matrix.eigh,
  svd: matrix.svd,
  svd_values: matrix.svdValues,
  polar: same,
  projector: same,

  relabel,
  diagonal,
  broadcast: same,
  slice,
  pad,
  concat,
  merge,
  split,
  gather,
  scatter_add: scatterAdd,

  loop: (node, ctx) => {
    const made = ctx.makeLoop(node);
    ctx.emit(made.run);
    return made.done;
  },
  loop_final: (node, ctx) => finalView(ctx.loop(operand(node, 0)), node.attributes.index),
  loop_stack: (node, ctx) => stackView(ctx.loop(operand(node, 0)), node.attributes.index, node.attributes.to),
};

/** Lowers one node: its work goes to the context, its value is the view. */
export function lowerNode<K extends OpName>(node: NodeOf<K>, ctx: LoweringContext): View {
  return lowerings[node.op](node, ctx);
}
