/** Which values differ between the runs of a block: what the plan says, and what is computed from it. */
import { dependentsThroughLoops } from "../../ir/regions.js";
import type { Node, Program, ValueId } from "../../ir/types.js";
import type { BlockProgram } from "../types.js";

export interface Varying {
  readonly values: ReadonlySet<ValueId>;
  /** By position. */
  readonly carried: readonly boolean[];
}

/** The least fixed point over carried values; a stop condition that differs freezes runs one by one, so then all of them differ. */
export function varyingOf({ program, varying, runs }: BlockProgram): Varying {
  const carried = (program.loop?.carried ?? []).map(() => false);
  const differs = (node: Node): boolean =>
    varying.has(node.id) || (node.op === "carried" && carried[node.attributes.index] === true);
  for (;;) {
    const values = runs === 1 ? new Set<ValueId>() : dependentsThroughLoops(program.nodes, differs);
    const stop = program.loop?.stop ?? null;
    const stops = stop !== null && values.has(stop);
    let grown = false;
    for (const [k, { init, next }] of (program.loop?.carried ?? []).entries()) {
      if (carried[k] === true || !(stops || values.has(init) || values.has(next) || given(program, values, k)))
        continue;
      carried[k] = true;
      grown = true;
    }
    if (!grown) return { values, carried };
  }
}

function given(program: Program, values: ReadonlySet<ValueId>, index: number): boolean {
  return program.nodes.some((node) => node.op === "carried" && node.attributes.index === index && values.has(node.id));
}
