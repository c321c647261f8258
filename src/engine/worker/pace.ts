/** How many updates a call makes: the clock decides, so that progress is seen and a kill loses little. */
import type { BlockProgram } from "../types.js";

/** Products and sums a second that even a slow engine manages: the first guess errs towards short calls. */
const slowestRate = 3e8;
const mostGrowth = 8;

export class Pace {
  private steps: number;

  constructor(
    block: BlockProgram,
    private readonly secondsPerCall: number,
  ) {
    this.steps = Math.max(1, Math.floor((secondsPerCall * slowestRate) / workPerStep(block)));
  }

  /** Updates of the next call. */
  next(): number {
    return this.steps;
  }

  /** What the last call took, for as many updates as it really made. */
  took(seconds: number, updates: number): void {
    if (updates <= 0) return;
    const fitting = (updates * this.secondsPerCall) / Math.max(seconds, 1e-6);
    this.steps = Math.max(1, Math.floor(Math.min(fitting, this.steps * mostGrowth)));
  }
}

/** Entries computed in one update of the whole block, sums of products counted as products. */
export function workPerStep(block: BlockProgram): number {
  const { program, runs } = block;
  const sizes = new Map(program.dims.map((dim) => [dim.id, dim.size]));
  const count = (dims: Iterable<number>) => [...dims].reduce((product, dim) => product * (sizes.get(dim) ?? 1), 1);
  let work = 0;
  for (const node of program.nodes) {
    const dims = new Set(node.type.dims);
    if (node.op === "contract") for (const dim of node.attributes.over) dims.add(dim);
    work += count(dims) * (block.varying.has(node.id) ? runs : 1);
  }
  return Math.max(work, 1);
}
