/** What must be known of a program before it is lowered: what changes in the loop, what differs between runs. */
import { dependentsThroughLoops, Regions } from "../../ir/regions.js";
import type { Node, Program } from "../../ir/types.js";
import type { BlockProgram } from "../types.js";
import { AxisTable } from "./axes.js";

export interface ProgramView {
  readonly program: Program;
  readonly table: AxisTable;
  /** By value id: whether it needs a carried value or the step. */
  readonly changing: readonly boolean[];
  /** By value id: whether it needs the step. */
  readonly stepping: readonly boolean[];
  /** By value id: whether it differs between the runs of a block. */
  readonly varying: readonly boolean[];
  /** By position: whether a carried value does. */
  readonly varyingCarried: readonly boolean[];
  /** Loops inside of a step. */
  readonly regions: Regions;
}

export function analyse(block: BlockProgram): ProgramView {
  const { program, runs } = block;
  const varyingCarried = (program.loop?.carried ?? []).map(() => false);
  const differs = (node: Node) =>
    runs > 1 &&
    (block.varying.has(node.id) || (node.op === "carried" && varyingCarried[node.attributes.index] === true));
  let varying = dependents(program, differs);
  for (let grown = true; grown; varying = dependents(program, differs)) {
    grown = false;
    program.loop?.carried.forEach((carried, k) => {
      if (varyingCarried[k] === true) return;
      if (varying[carried.init] !== true && varying[carried.next] !== true) return;
      varyingCarried[k] = true;
      grown = true;
    });
  }
  return {
    program,
    table: new AxisTable(program.dims, runs),
    changing: dependents(program, (node) => node.op === "carried" || node.op === "step"),
    stepping: dependents(program, (node) => node.op === "step"),
    varying,
    varyingCarried,
    regions: new Regions(program.nodes),
  };
}

/** By value id: whether a value is one of these or computed from them. */
function dependents(program: Program, isOne: (node: Node) => boolean): readonly boolean[] {
  const found = dependentsThroughLoops(program.nodes, isOne);
  return program.nodes.map(({ id }) => found.has(id));
}
