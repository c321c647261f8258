/** Jobs that wait: for a worker, or for another process that has their blocks. */
import type { Job } from "./job.js";

export class JobQueue {
  private waiting: Job[];
  /** Begun by other processes. */
  private elsewhere: Job[] = [];

  constructor(jobs: readonly Job[]) {
    this.waiting = [...jobs];
  }

  /** Jobs that could be begun, as far as is known. */
  get length(): number {
    return this.waiting.length;
  }

  get isEmpty(): boolean {
    return this.waiting.length + this.elsewhere.length === 0;
  }

  get work(): number {
    return this.waiting.reduce((sum, job) => sum + job.work, 0);
  }

  /** The job that comes next, as far as is known. */
  get next(): Job | undefined {
    return this.waiting[0];
  }

  /** The next job that no other process has. */
  take(): Job | undefined {
    for (let job = this.waiting.shift(); job !== undefined; job = this.waiting.shift()) {
      const claim = job.claim();
      if (claim === "mine") return job;
      if (claim === "other") this.elsewhere.push(job);
    }
    return undefined;
  }

  /** Before all others: they were begun already. */
  putBack(jobs: readonly Job[]): void {
    this.waiting.unshift(...jobs);
  }

  /** Blocks that other processes had may be done by now, or free again. */
  review(): void {
    this.waiting.push(...this.elsewhere);
    this.elsewhere = [];
  }

  /** Takes out all jobs of a program. */
  removeProgram(key: string): readonly Job[] {
    const removed = this.waiting.filter((job) => job.program.key === key);
    this.waiting = this.waiting.filter((job) => job.program.key !== key);
    return removed;
  }

  programs(): ReadonlySet<string> {
    return new Set([...this.waiting, ...this.elsewhere].map((job) => job.program.key));
  }
}
