/**
 * Run-axis analysis: which values of a program differ between the runs of a block.
 * The IR is written for one run; this is where runs come in, as a least fixed point over carried values.
 */
import { dependentsThroughLoops } from "../ir/regions.js";
import type { Input, Program, ValueId } from "../ir/types.js";

/** All values that may differ between runs, given which inputs do. */
export function varyingValues(program: Program, inputVaries: (input: Input) => boolean): ReadonlySet<ValueId> {
  const { loop } = program;
  let carriedVary = false;
  for (;;) {
    const varying = propagate(program, inputVaries, carriedVary);
    // A run that stops, fails or diverges alone is frozen alone: with one carried value all of them vary.
    const ends = [
      ...(loop?.stop === undefined || loop.stop === null ? [] : [loop.stop]),
      ...program.checks.map((check) => check.condition),
    ];
    const roots = loop === null ? [] : [...loop.carried.flatMap((carried) => [carried.init, carried.next]), ...ends];
    const vary = roots.some((root) => varying.has(root));
    if (vary === carriedVary) return varying;
    carriedVary = vary;
  }
}

function propagate(
  program: Program,
  inputVaries: (input: Input) => boolean,
  carriedVary: boolean,
): ReadonlySet<ValueId> {
  return dependentsThroughLoops(program.nodes, (node) => {
    if (node.op === "input") return isVaryingInput(program, node.attributes.index, inputVaries);
    return node.op === "carried" && carriedVary;
  });
}

function isVaryingInput(program: Program, index: number, inputVaries: (input: Input) => boolean): boolean {
  const input = program.inputs[index];
  return input !== undefined && inputVaries(input);
}
