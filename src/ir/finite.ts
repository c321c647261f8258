/** Whether a value can be NaN or infinite: derivatives under a mask guard against what can. */
import { at } from "./fault.js";
import type { DimSizes } from "./dims.js";
import type { Input, Node, ValueId } from "./types.js";

interface Known extends DimSizes {
  readonly inputs: readonly Input[];
  isKnownFinite(id: ValueId): boolean;
}

/**
 * Whether a node is finite wherever its operands are, and they are. Overflow of sums and products is left out of account, and so are
 * carried values that have become non-finite: the run has diverged then.
 */
export function staysFinite(node: Node, known: Known): boolean {
  if (node.type.dtype === "i32" || node.type.dtype === "bool") return true;
  const operandsAre = (): boolean => node.operands.every((operand) => known.isKnownFinite(operand));
  switch (node.op) {
    case "constant":
      return node.attributes.data.every((value) => Number.isFinite(value));
    case "input":
      return known.inputs[node.attributes.index]?.source.kind === "draw";
    case "exp":
    case "log":
    case "log1p":
    case "expm1":
    case "sqrt":
    case "solve":
    case "log_det":
    case "cholesky":
    case "erf_inv":
    case "lgamma":
    case "digamma":
    case "tan":
    case "power_int":
    case "div":
    case "pow":
    case "mod":
    case "floor_div":
    case "reduce_prod":
    case "cumulative_prod":
    case "loop_state":
    case "loop_final":
    case "loop_stack":
      return false;
    case "reduce_max":
    case "reduce_min":
      return operandsAre() && node.attributes.over.every((dim) => known.size(dim) > 0);
    case "select":
      return known.isKnownFinite(at(node.operands, 1)) && known.isKnownFinite(at(node.operands, 2));
    case "carried":
      return true;
    default:
      return operandsAre();
  }
}
