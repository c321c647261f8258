/** What a run costs, by a model with fixed constants: it decides blocks, so it must never depend on a machine. */
import { contractionCost, orderContraction } from "../ir/contraction.js";
import { dimSizes, type DimSizes } from "../ir/dims.js";
import { Regions } from "../ir/regions.js";
import type { DimId, Node, Program, ValueId } from "../ir/types.js";
import { changingValues } from "../ir/uses.js";

export interface Cost {
  /** Operations of one step of one run. */
  readonly flopsPerStep: number;
  /** Bytes of all carried values of one run. */
  readonly stateBytes: number;
  /** Bytes of one record slot of one run, all groups together. */
  readonly slotBytes: number;
}

/** Rounds of rotations that a decomposition takes. */
const SWEEPS = 8;
/** Elementary functions count as this many operations. */
const ELEMENTARY = 10;
const THREEFRY = 120;
const ELEMENTARY_OPS: ReadonlySet<string> = new Set([
  "exp",
  "log",
  "log1p",
  "expm1",
  "sin",
  "cos",
  "tan",
  "tanh",
  "sigmoid",
  "softplus",
  "erf",
  "erf_inv",
  "lgamma",
  "digamma",
  "pow",
  "atan2",
]);

/** How often the records of a program are taken. */
export interface Recorded {
  readonly steps: number;
  readonly groups: readonly (readonly number[])[];
}

export function estimateCost(program: Program, { steps, groups }: Recorded): Cost {
  const sizes = dimSizes(program.dims);
  const { loop } = program;
  const regions = new Regions(program.nodes);
  const stepRoots =
    loop === null
      ? program.outputs.map((output) => output.value)
      : [...loop.carried.map((carried) => carried.next), ...(loop.stop === null ? [] : [loop.stop])];
  const records = loop === null ? [] : loop.groups.flatMap((group) => group.entries);
  // What only records need costs something at the recorded steps.
  const shares = new Map([...reachable(program, stepRoots)].map((node) => [node, 1]));
  loop?.groups.forEach(({ entries }, number) => {
    const share = Math.min(1, (groups[number]?.length ?? 0) / (steps + 1));
    const roots = entries.map(({ value }) => value);
    for (const node of reachable(program, roots)) shares.set(node, Math.max(share, shares.get(node) ?? 0));
  });
  return {
    flopsPerStep: sum(
      [...shares].map(([node, share]) => share * regions.mostTimes(node.id) * operations(node, program, sizes)),
    ),
    stateBytes: sum(
      loop === null
        ? []
        : loop.carried.map((carried) => bytesOf(carried.type.dims, carried.type.dtype === "f64" ? 8 : 4, sizes)),
    ),
    slotBytes: sum(records.map((entry) => valueBytes(program, entry.value, sizes))),
  };
}

/** Nodes that the roots need, those that are computed once before the loop left out. */
function reachable(program: Program, roots: readonly ValueId[]): ReadonlySet<Node> {
  const changing = program.loop === null ? null : changingValues(program);
  const found = new Set<Node>();
  const stack = [...roots];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    const node = program.nodes[id];
    if (node === undefined || found.has(node) || changing?.has(id) === false) continue;
    found.add(node);
    stack.push(...node.operands);
  }
  return found;
}

function operations(node: Node, program: Program, sizes: DimSizes): number {
  const own = product(node.type.dims, sizes);
  switch (node.op) {
    case "constant":
    case "input":
    case "carried":
    case "step":
    case "iota":
    case "relabel":
    case "broadcast":
    case "merge":
    case "split":
    case "loop_position":
    case "loop_state":
    case "loop_final":
    case "loop_stack":
      return 0;
    case "contract": {
      const operands = node.operands.map((operand) => ({ dims: program.nodes[operand]?.type.dims ?? [] }));
      return 2 * contractionCost(orderContraction(operands, node.attributes.over, sizes), operands, sizes);
    }
    case "reduce_sum":
    case "reduce_prod":
    case "reduce_max":
    case "reduce_min":
    case "reduce_any":
    case "reduce_all":
      return own * product(node.attributes.over, sizes);
    case "arg_max":
    case "arg_min":
      return own * sizes.size(node.attributes.over);
    case "solve":
    case "log_det":
    case "cholesky":
      return own * (sizes.size(node.attributes.rows) + 1) ** 2;
    case "eigh":
    case "svd":
    case "svd_values":
      return own * SWEEPS * (sizes.size(node.attributes.rows) + sizes.size(node.attributes.columns)) ** 2;
    case "rank":
      return own * ELEMENTARY * Math.ceil(Math.log2(sizes.size(node.attributes.along) + 1));
    case "loop":
      return node.attributes.most;
    case "threefry":
      return own * THREEFRY;
    case "scatter_add":
      return product(program.nodes[node.operands[0] ?? -1]?.type.dims ?? [], sizes);
    default:
      return own * (ELEMENTARY_OPS.has(node.op) ? ELEMENTARY : 1);
  }
}

function product(dims: readonly DimId[], sizes: DimSizes): number {
  return dims.reduce((total, dim) => total * sizes.size(dim), 1);
}

function bytesOf(dims: readonly DimId[], each: number, sizes: DimSizes): number {
  return each * product(dims, sizes);
}

function valueBytes(program: Program, id: ValueId, sizes: DimSizes): number {
  const type = program.nodes[id]?.type;
  return type === undefined ? 0 : bytesOf(type.dims, type.dtype === "f64" ? 8 : 4, sizes);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
