/**
 * Before lowering: products of several operands become products of two, and of every value it is found out whether it is
 * computed once for a block or at each step.
 */
import { orderContraction } from "../../ir/contraction.js";
import type { ContractionTree } from "../../ir/contraction.js";
import { dependentsThroughLoops, Regions } from "../../ir/regions.js";
import { changingValues } from "../../ir/uses.js";
import type { Node, NodeOf, Program, ValueId, ValueType } from "../../ir/types.js";
import { sizeOf } from "./storage.js";
import type { Shape } from "./storage.js";

export interface Expanded {
  /** In topological order; ids beyond the program's are intermediate products. */
  readonly nodes: readonly Node[];
  readonly byId: ReadonlyMap<ValueId, Node>;
  /** Differs between runs. */
  readonly varies: (id: ValueId) => boolean;
  /** Needs neither a carried value nor the step, and is in no loop inside of a step. */
  readonly once: (id: ValueId) => boolean;
  /** Needs the number of updates done. */
  readonly needsStep: (id: ValueId) => boolean;
  /** Loops inside of a step; their nodes are among `nodes`. */
  readonly regions: Regions;
}

/** How much the products of a value that is computed once count beside those of one that is computed at each step. */
const onceWeight = 1e-3;

export function expand(program: Program, given: ReadonlySet<ValueId>, shape: Shape): Expanded {
  const nodes: Node[] = [];
  const byId = new Map<ValueId, Node>();
  const varying = new Set<ValueId>();
  const once = new Set<ValueId>();
  const changing = changingValues(program);
  const regions = new Regions([]);
  let fresh = program.nodes.length;

  const add = (node: Node): void => {
    nodes.push(node);
    byId.set(node.id, node);
    if (given.has(node.id) || node.operands.some((id) => varying.has(id))) varying.add(node.id);
    regions.add(node);
    const changes = changing.has(node.id) || node.operands.some((id) => changing.has(id));
    if (changes) changing.add(node.id);
    else if (regions.scope(node.id).size === 0) once.add(node.id);
  };

  const contract = (node: NodeOf<"contract">): void => {
    const { operands, attributes, type } = node;
    const weigh = (id: ValueId): number => (varying.has(id) ? shape.runs : 1) * (once.has(id) ? onceWeight : 1);
    const factors = operands.map((id) => ({ dims: typeOf(byId, id).dims, weight: weigh(id) }));
    const whole = orderContraction(factors, attributes.over, { size: (dim) => sizeOf(shape, dim) });
    /** Adds what a tree computes; the whole is the node itself, its parts are fresh. */
    const build = (tree: ContractionTree): ValueId => {
      const parts =
        tree.kind === "pair" ? [build(tree.left), build(tree.right)] : operands.slice(tree.index, tree.index + 1);
      const [part] = parts;
      if (tree.kind === "operand" && tree !== whole && tree.over.length === 0 && part !== undefined) return part;
      const id = tree === whole ? node.id : fresh++;
      const dims = tree === whole ? type.dims : tree.dims;
      add({ id, op: "contract", operands: parts, attributes: { over: tree.over }, type: { dtype: type.dtype, dims } });
      return id;
    };
    build(whole);
  };

  for (const node of program.nodes) {
    if (node.op === "contract") contract(node);
    else add(node);
  }
  const stepping = dependentsThroughLoops(nodes, ({ op }) => op === "step");
  return {
    nodes,
    byId,
    regions,
    varies: (id) => varying.has(id),
    once: (id) => once.has(id),
    needsStep: (id) => stepping.has(id),
  };
}

export function typeOf(byId: ReadonlyMap<ValueId, Node>, id: ValueId): ValueType {
  const node = byId.get(id);
  if (node === undefined) throw new Error(`value ${id} is used before it is made`);
  return node.type;
}
