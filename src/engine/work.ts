/** A rough measure of what a block costs, for choices that need no more. */
import { Regions } from "../ir/regions.js";
import type { BlockProgram } from "./types.js";

/** Entries computed in one update of the whole block, sums of products counted as products. */
export function workPerStep(block: BlockProgram): number {
  const { program, runs } = block;
  const sizes = new Map(program.dims.map((dim) => [dim.id, dim.size]));
  const count = (dims: Iterable<number>) => [...dims].reduce((product, dim) => product * (sizes.get(dim) ?? 1), 1);
  const regions = new Regions(program.nodes);
  let work = 0;
  for (const node of program.nodes) {
    const dims = new Set(node.type.dims);
    if (node.op === "contract") for (const dim of node.attributes.over) dims.add(dim);
    work += count(dims) * regions.mostTimes(node.id) * (block.varying.has(node.id) ? runs : 1);
  }
  return Math.max(work, 1);
}
