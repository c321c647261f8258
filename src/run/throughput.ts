/** How fast work gets done, by the plan's model of costs: for the remaining time and for deciding on another worker. */
export class Throughput<Task extends { readonly work: number }> {
  private finished = 0;
  private readonly parts = new Map<Task, number>();
  private busySeconds = 0;
  /** Of the latest block; infinite before the first. */
  blockSeconds = Infinity;
  /** Compiling and the first call, at the longest. */
  firstCallSeconds = 0.5;

  /** A call took its time, and so much of the task is done. */
  called(task: Task, share: number, seconds: number): void {
    this.parts.set(task, task.work * share);
    this.busySeconds += seconds;
  }

  completed(task: Task, seconds: number, firstCallSeconds: number): void {
    this.parts.delete(task);
    this.finished += task.work;
    this.blockSeconds = seconds;
    this.firstCallSeconds = Math.max(this.firstCallSeconds, firstCallSeconds);
  }

  /** What was done of it is lost or counted elsewhere. */
  dropped(task: Task): void {
    this.parts.delete(task);
  }

  get work(): number {
    return this.finished + [...this.parts.values()].reduce((sum, part) => sum + part, 0);
  }

  /** Of one worker; 0 before anything is known. */
  get perSecond(): number {
    return this.busySeconds > 0 ? this.work / this.busySeconds : 0;
  }
}
