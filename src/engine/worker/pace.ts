/** How many updates a call makes: the clock decides, so that progress is seen and a kill loses little. */
import type { BlockProgram } from "../types.js";
import { workPerStep } from "../work.js";

/** Products and sums a second that even a slow engine manages: the first guess errs towards short calls. */
const slowestRate = 3e8;
const mostGrowth = 8;
/** What a call takes before its first update may be this share of it, unless calls become this many times as long. */
const overhead = 0.2;
const longest = 20;

export class Pace {
  private steps: number;
  private perUpdate: number | null = null;
  private before: { readonly seconds: number; readonly updates: number } | null = null;

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
    const fitting = this.fitting(seconds, updates);
    this.before = { seconds, updates };
    this.steps = Math.max(1, Math.floor(Math.min(fitting, this.steps * mostGrowth)));
  }

  /** Two calls of different lengths tell what a call takes by itself, which more updates share. */
  private fitting(seconds: number, updates: number): number {
    const { before, secondsPerCall } = this;
    if (before !== null && before.updates !== updates) {
      const slope = (seconds - before.seconds) / (updates - before.updates);
      this.perUpdate = Math.min(Math.max(slope, seconds / updates / 100), seconds / updates);
    }
    const plain = (updates * secondsPerCall) / Math.max(seconds, 1e-6);
    // Calls of one update teach nothing: two are tried once in a while.
    if (plain < 2 && updates === 1) return before?.updates === 1 ? 2 : 1;
    if (this.perUpdate === null) return plain;
    const start = Math.max(seconds - this.perUpdate * updates, 0);
    const wanted = Math.min(Math.max(secondsPerCall, start / overhead), longest * secondsPerCall);
    return Math.max(plain, (wanted - start) / this.perUpdate);
  }
}
