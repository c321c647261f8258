/** The lowering of each op: a total table, so that the type checker names an op that this engine lacks. */
import type { NodeOf, OpName } from "../../../ir/types.js";
import type { Value } from "../axes.js";
import type { Region } from "../region.js";
import { contract } from "./contract.js";
import { elementwise } from "./elementwise.js";
import { indexing } from "./indexing.js";
import type { Lowering } from "./lowering.js";
import { operandAt } from "./lowering.js";
import { eigh, svd, svdValues } from "./matrix/decompositions.js";
import { cholesky, logDet, solve } from "./matrix/elimination.js";
import { rank } from "./rank.js";
import { threefry } from "./random.js";
import { reductions } from "./reductions.js";
import { sources } from "./sources.js";
import { structure } from "./structure.js";

const lowerings: { readonly [K in OpName]: Lowering<K> } = {
  ...sources,
  ...elementwise,
  contract,
  threefry,
  ...reductions,
  ...structure,
  ...indexing,
  rank,
  solve,
  log_det: logDet,
  cholesky,
  eigh,
  svd,
  svd_values: svdValues,
  polar: (_region, _node, operands) => operandAt(operands, 0),
  projector: (_region, _node, operands) => operandAt(operands, 0),
};

export function lowerNode<K extends OpName>(region: Region, node: NodeOf<K>, operands: readonly Value[]): Value {
  const lowering: Lowering<K> = lowerings[node.op];
  return lowering(region, node, operands);
}
