/** Values once more, with others in the place of some that they are computed from. */
import type { Builder } from "./builder.js";
import { loopOperands, loopParts } from "./ops/loop.js";
import type { NodeFor } from "./ops/definition.js";
import type { Regions } from "./regions.js";
import type { NodeOf, OpName, ValueId } from "./types.js";

/** These ops are told their type; all others find theirs, perhaps with dims in another order. */
export const toldOps: ReadonlySet<OpName> = new Set<OpName>(["cast", "broadcast", "loop_final", "loop_stack"]);

/** Adds to `map` what becomes of each of the values (in topological order), given what became of others. */
export function copyValues(b: Builder, regions: Regions, ids: readonly ValueId[], map: Map<ValueId, ValueId>): void {
  for (const id of ids) {
    if (map.has(id)) continue;
    const node = b.node(id);
    map.set(id, node.op === "loop" ? copyLoop(b, regions, node, map) : copy<OpName>(b, node, map));
  }
}

function copy<K extends OpName>(b: Builder, node: NodeFor<K>, map: ReadonlyMap<ValueId, ValueId>): ValueId {
  const operands = node.operands.map((operand) => map.get(operand) ?? operand);
  if (operands.every((operand, k) => operand === node.operands[k])) return node.id;
  const [x] = operands;
  const dims = node.op === "cast" && x !== undefined ? b.dimsOf(x) : node.type.dims;
  const told = toldOps.has(node.op) ? { dtype: node.type.dtype, dims } : null;
  return b.apply(node.op, operands, node.attributes, told);
}

/** A loop of its own, for its region depends on other values. */
function copyLoop(b: Builder, regions: Regions, node: NodeOf<"loop">, around: ReadonlyMap<ValueId, ValueId>): ValueId {
  const parts = loopOperands(node);
  const { loop, most } = node.attributes;
  const fresh = b.loopId();
  const map = new Map(around);
  const { nodes } = regions.region(node);
  for (const id of nodes) {
    const { op, attributes, type } = b.node(id);
    if (op === "loop_position" && attributes.loop === loop)
      map.set(id, b.append("loop_position", [], { loop: fresh }, null));
    if (op === "loop_state" && attributes.loop === loop)
      map.set(id, b.append("loop_state", [], { loop: fresh, index: attributes.index }, type));
  }
  copyValues(b, regions, nodes, map);
  const get = (id: ValueId): ValueId => map.get(id) ?? id;
  const copied = {
    count: get(parts.count),
    until: parts.until === null ? null : get(parts.until),
    initial: parts.initial.map(get),
    next: parts.next.map(get),
    stacked: parts.stacked.map(get),
  };
  const { operands, attributes } = loopParts(copied, fresh, most);
  return b.append("loop", operands, attributes, null);
}
