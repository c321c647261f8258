/** How many updates a call makes: the clock decides, so that progress is seen and a kill loses little. */
import type { BlockProgram } from "../types.js";
import { workPerStep } from "../work.js";

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

  /** What the last call took, for as many updates as it really made; a call that compiled first tells nothing. */
  took(seconds: number, updates: number, compiledFirst: boolean): void {
    if (updates <= 0 || compiledFirst) return;
    const fitting = (updates * this.secondsPerCall) / Math.max(seconds, 1e-6);
    this.steps = Math.max(1, Math.floor(Math.min(fitting, this.steps * mostGrowth)));
  }
}
