/** Ctrl-C: the first time asks for a clean end, the second time for one at once, the third is the system's. */
export class Interrupt {
  private listener: (times: number) => void = () => undefined;
  private times = 0;
  private readonly handle = (): void => {
    this.times += 1;
    this.listener(this.times);
    if (this.times >= 2) this.release();
  };

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.handle);
  }

  onInterrupt(listener: (times: number) => void): void {
    this.listener = listener;
    if (this.times > 0) listener(this.times);
  }

  release(): void {
    for (const signal of SIGNALS) process.off(signal, this.handle);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
